package store

// bySQLState judges an error of a driver that tells the standard's SQLSTATE.
func bySQLState(err error, _ string) (Verdict, bool) {
	coded, ok := err.(interface{ SQLState() string })
	if !ok {
		return Verdict{}, false
	}
	return SQLState(coded.SQLState()), true
}

// SQLState is the verdict on a SQLSTATE of a write, by PostgreSQL's table of them.
// One that is not here is Transient: an error that nobody foresaw must not cost
// events.
func SQLState(state string) Verdict {
	v, ok := bySQLStateCode[state]
	if !ok && len(state) == 5 {
		v.Class = bySQLStateClass[state[:2]]
	}
	v.Hint = sqlStateHints[state]
	if v.Hint == "" && v.Class == Misconfigured {
		v.Hint = hintSchema
	}
	return v
}

// bySQLStateClass goes by the first two characters.
var bySQLStateClass = map[string]Class{
	"22": Poison, // data exception
	"23": Poison, // integrity constraint violation
	"54": Poison, // program limit, such as the size of a row of an index

	// What a trigger, a function or a view of the host's declines an event with.
	"09": Poison, "21": Poison, "27": Poison, "38": Poison, "39": Poison, "44": Poison, "P0": Poison,

	"28": Misconfigured, // authorization
	"3D": Misconfigured, // no such database
	"3F": Misconfigured, // no such schema
	// Our statements are always the same: that one is wrong, or not allowed, is due
	// to the table and not to what is in the batch.
	"42": Misconfigured,
}

// bySQLStateCode are the codes that are not like their class.
var bySQLStateCode = map[string]Verdict{
	// A column of ours is never NULL, but for two. So it is one that the host
	// added, and every event would meet it.
	"23502": {Class: Misconfigured},
	// Bytes that do not fit the type of a column, which is another one than ours.
	"22P03": {Class: Misconfigured},
	// A prepared statement that a pooler gave to somebody else.
	"42P05": {Class: Transient},
	// A view that takes no rows, or something else of the host's that is not ready.
	"55000": {Class: Misconfigured},
	"XX001": {Class: Misconfigured}, // data corrupted
	"XX002": {Class: Misconfigured}, // index corrupted
}

const (
	hintSchema = "; make the table as MigrateSQL prints it"
	hintRights = "; GRANT the right that is missing, or have a role that has it run what MigrateSQL prints, and set Options.NoMigrate"
	hintDamage = "; the database is damaged: look into the server's log, REINDEX the table, or restore it from a backup"
	hintFull   = "; make room on the disk"
	hintFill   = "; the library does not fill this column: give it a default, or drop its NOT NULL"
)

// sqlStateHints say what a person can do.
var sqlStateHints = map[string]string{
	"22P03": "; a column has another type than the library gave it" + hintSchema,
	"23502": hintFill,
	"25006": "; the server, or this user's default, is read-only: write to the primary",
	"28000": "; the role is missing, then create it, or the server does not let it in from here: see its pg_hba.conf",
	"28P01": "; the password is wrong, or the user is: correct the connection string",
	"3D000": "; create the database first: CREATE DATABASE …",
	"3F000": "; create the schema first: CREATE SCHEMA …, or choose another with Options.Table",
	"42501": hintRights,
	"42703": "; a column is missing" + hintSchema,
	"42704": "; if it is a parameter of the connection string that the server does not know, leave it out",
	"42804": "; a column has another type than the library gave it" + hintSchema,
	"42P01": "; the table is missing: open the store again, or run what MigrateSQL prints",
	"42P10": "; the table lacks its primary key" + hintSchema,
	"53100": hintFull,
	"53300": "; the server has no connection left: end some, or raise its max_connections",
	"57P03": "; the server is starting up or shutting down: try again",
	"55000": "; what is in the table's place, or a trigger on it, takes no rows" + hintSchema,
	"XX001": hintDamage,
	"XX002": hintDamage,
}
