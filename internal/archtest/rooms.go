package archtest

// Import paths. With /... behind, one stands for itself and all below it.
const (
	module   = "github.com/callastar/syslog"
	core     = module // the root package alone
	inside   = module + "/internal/..."
	server   = module + "/internal/pgtest"
	crash    = module + "/internal/crashtest"
	queue    = module + "/internal/pipeline"
	frame    = module + "/internal/frame"
	disk     = module + "/internal/spill"
	sinks    = module + "/sink/..."
	anyStore = module + "/store/..."
	store    = module + "/store"
	sqlite   = module + "/store/sqlite"
	postgres = module + "/store/postgres"
	suite    = module + "/store/storetest"
	admin    = module + "/admin/..."
	requests = module + "/requestctx"
	numbers  = module + "/metrics/..."
	testkit  = module + "/syslogtest/..."
	examples = module + "/examples/..."
	scripts  = module + "/scripts/..."

	std      = "std" // the standard library
	anyGorm  = "gorm.io/..."
	gormCore = "gorm.io/gorm/..."
	mattn    = "github.com/mattn/go-sqlite3/..."
	modernc  = "modernc.org/..."
	pgx      = "github.com/jackc/..."
	testify  = "github.com/stretchr/testify/..."
)

// drivers speak to a database.
var drivers = []string{"gorm.io/driver/...", mattn, modernc, pgx, "github.com/lib/pq/...", "github.com/go-sql-driver/..."}

// room is a part of the module, and whom it may know. Tests may know anybody.
type room struct {
	path  string
	may   []string // import, itself
	never []string // import, also not through others
}

// rooms holds every package of the module, in the room that is nearest to it. A
// package without one is a breach: decide where it belongs.
var rooms = []room{
	{core, []string{std, inside}, with(drivers, anyGorm, "database/sql", "net/http", "html/template", anyStore, sinks, admin, numbers, testkit, "testing")},
	{queue, []string{std, frame, disk}, []string{"net/http", "database/sql", core}},
	{inside, []string{std, inside}, []string{"net/http", "database/sql", core, anyStore, sinks, admin, testkit}},

	{sinks, []string{std, core, inside, sinks}, with(drivers, anyGorm, anyStore, admin, testkit, "testing")},
	{store, []string{std, core, inside, gormCore}, with(drivers, sinks, admin, testkit)},
	{
		sqlite, []string{std, core, inside, store, gormCore, "gorm.io/driver/sqlite", mattn, modernc},
		[]string{postgres, pgx, suite, sinks, admin, testkit},
	},
	{
		postgres, []string{std, core, inside, store, gormCore, "gorm.io/driver/postgres", pgx},
		[]string{sqlite, mattn, modernc, suite, sinks, admin, testkit},
	},
	{admin, []string{std, core, inside, admin}, with(drivers, anyGorm, anyStore, sinks, testkit, "testing")},
	{requests, []string{std, core}, with(drivers, anyGorm, anyStore, sinks, admin, testkit, "testing")},
	{numbers, []string{std, core, inside}, with(drivers, anyGorm, anyStore, sinks, admin, testkit, "testing")},

	// For tests.
	{server, []string{std, pgx}, []string{core, anyStore, sinks, admin, anyGorm}},
	{crash, nil, nil}, // nothing but tests
	{suite, []string{std, core, inside, testify}, with(drivers, anyGorm, sqlite, postgres, sinks, admin)},
	{testkit, []string{std, core, inside}, with(drivers, anyGorm, "database/sql", anyStore, sinks, admin)},

	// Programs: nobody imports them, and they show what a user can do.
	{
		examples, []string{std, core, store, sqlite, postgres, sinks, admin, requests, numbers, examples, anyGorm, mattn, modernc, "github.com/robfig/cron/v3"},
		[]string{suite, testkit, "testing"},
	},
	{scripts, []string{std}, nil},
}

func with(list []string, more ...string) []string {
	return append(append([]string(nil), list...), more...)
}
