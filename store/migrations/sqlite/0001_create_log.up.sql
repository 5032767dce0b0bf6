-- id alone is the key by which an event that comes again is recognised.
-- created_at holds Unix milliseconds; the declared type makes drivers convert it.
CREATE TABLE {{table}} (
	id         TEXT NOT NULL PRIMARY KEY,
	level      TEXT NOT NULL,
	type       TEXT NOT NULL,
	actor      TEXT NOT NULL,
	actor_id   TEXT,
	message    TEXT NOT NULL,
	metadata   TEXT,
	created_at DATETIME NOT NULL
);
-- The order of every list, and ranges of time.
CREATE INDEX {{index_created_at}} ON {{on}} (created_at, id);
-- Few events are above INFO. Queries must carry level <> 'INFO' to use it.
CREATE INDEX {{index_level}} ON {{on}} (level, created_at, id) WHERE level <> 'INFO';
-- Few events are of others than users and the service itself. Queries must carry the
-- condition to use it.
CREATE INDEX {{index_actor}} ON {{on}} (actor, created_at, id) WHERE actor <> 'USER' AND actor <> 'SYSTEM';
-- What somebody did.
CREATE INDEX {{index_actor_id}} ON {{on}} (actor_id, created_at, id) WHERE actor_id IS NOT NULL;
-- Leases, for what must not run twice at a time.
CREATE TABLE {{locks}} (
	name       TEXT NOT NULL PRIMARY KEY,
	owner      TEXT NOT NULL,
	expires_at INTEGER NOT NULL
);
