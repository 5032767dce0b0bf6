-- created_at and expires_at hold Unix milliseconds: every database compares integers alike.
CREATE TABLE {{table}} (
	id         VARCHAR(64) NOT NULL PRIMARY KEY,
	level      VARCHAR(16) NOT NULL,
	type       VARCHAR(128) NOT NULL,
	actor      VARCHAR(32) NOT NULL,
	actor_id   VARCHAR(256),
	message    {{text}} NOT NULL,
	metadata   {{text}},
	created_at BIGINT NOT NULL
);
CREATE INDEX {{index_created_at}} ON {{on}} (created_at, id);
CREATE INDEX {{index_level}} ON {{on}} (level, created_at);
CREATE INDEX {{index_actor}} ON {{on}} (actor, created_at);
CREATE INDEX {{index_actor_id}} ON {{on}} (actor_id, created_at);
CREATE TABLE {{locks}} (
	name       VARCHAR(64) NOT NULL PRIMARY KEY,
	owner      VARCHAR(64) NOT NULL,
	expires_at BIGINT NOT NULL
);
