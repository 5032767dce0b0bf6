-- The collation "C" orders and compares bytes, alike on every server, and is the
-- cheapest to index. id alone is the key by which an event that comes again is
-- recognised.
CREATE TABLE {{table}} (
	id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
	level      TEXT COLLATE "C" NOT NULL,
	type       TEXT COLLATE "C" NOT NULL,
	actor      TEXT COLLATE "C" NOT NULL,
	actor_id   TEXT COLLATE "C",
	message    TEXT COLLATE "C" NOT NULL,
	metadata   JSONB,
	created_at TIMESTAMPTZ(3) NOT NULL
);
-- The order of every list, and ranges of time.
CREATE INDEX {{index_created_at}} ON {{on}} (created_at, id);
-- Few events are above INFO. Those of one moment are sorted when they are read: the
-- id in this index and the next would cost every insert more than that.
CREATE INDEX {{index_level}} ON {{on}} (level, created_at) WHERE level <> 'INFO';
-- Few events are of others than users and the service itself. Queries must carry the
-- condition to use it.
CREATE INDEX {{index_actor}} ON {{on}} (actor, created_at) WHERE actor <> 'USER' AND actor <> 'SYSTEM';
-- What somebody did.
CREATE INDEX {{index_actor_id}} ON {{on}} (actor_id, created_at) WHERE actor_id IS NOT NULL;
-- Leases, for what must not run twice at a time.
CREATE TABLE {{locks}} (
	name       TEXT NOT NULL PRIMARY KEY,
	owner      TEXT NOT NULL,
	expires_at BIGINT NOT NULL
);
