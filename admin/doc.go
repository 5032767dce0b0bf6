// Package admin serves the activity log over HTTP: a page for people, the endpoints by
// which it or a program lists and deletes events, and the one that a scheduler calls to
// clean up.
//
//	h, err := admin.New(logger, &admin.Options{
//		Authorize:  authorize, // who is asking, and what they may do
//		CronSecret: os.Getenv("CRON_SECRET"),
//	})
//	if err != nil {
//		return err
//	}
//	h.Register(mux)
//
// mounts
//
//	GET, DELETE /api/admin/system-logs
//	POST        /api/cron/cleanup-logs
//	GET         /dashboard/admin/system-logs
//
// with count, stats, histogram, facets, suggest, export, tail, health, {id}, {id}/context,
// {id}/reveal, delete-preview, cleanup, actors/{actorId}/erase-preview and
// actors/{actorId}/erase below the first of them; openapi.json there describes them all.
// [Handler] is an http.Handler for the same below any prefix:
//
//	mux.Handle("/anywhere/", http.StripPrefix("/anywhere", h))
//
// where the page is at /anywhere/. Its addresses are relative, so that it needs to know
// neither the prefix nor what a proxy in front makes of it.
//
// A live tail is a request without an end, for which an http.Server's Shutdown would wait:
//
//	server.RegisterOnShutdown(h.EndTails)
//
// # Who may
//
// Options.Authorize is asked for every request but that of the scheduler, which has a
// secret of its own. There is no way without: a nil Authorize is an error of [New].
// Requests that change something must come from the same origin, by
// [net/http.CrossOriginProtection], and are refused when Options.ReadOnly is set.
//
// # Answers
//
// Below /api/ every answer is a JSON object with "success". One that is false has "error", a
// sentence in the language of the request, and "details", a list of objects with "field"
// and "message": nothing that a request says is ignored or corrected in silence, but
// for a limit above 500, which is 500.
//
// An export is the exception: a file, with the trailer X-Export-Truncated behind it. One
// that fails midway breaks the connection off. A proxy that speaks HTTP/1.0 hides both.
//
// # Languages
//
// The page speaks English and French. Options.Catalogs adds others, or has other texts for
// these: a file es.json is Spanish, an object of keys and texts as those of the folder i18n
// here, whose English files have all the keys. An added language says in "lang.name" what it
// calls itself, and English where it says nothing else. A key that there is not, and a text
// without the %s and %d of the English one in their order, are errors of [New].
//
// Keys that end with .one and .other are for one thing and for others; zero is one in
// French and its like, and there is no .one in Japanese and its like. Languages with forms
// for a few or for many, as Polish or Arabic, have .other for these: write texts that do not
// bend. Numbers have "format.thousands" between their groups of three digits and
// "format.decimal" before their fraction. Lines run from left to right.
//
// Levels, actors and types are the same in every language.
//
// # Personal data
//
// Values of the metadata whose keys Options.Mask names are shown in no answer, and only who
// may reveal them can filter by them. POST …/{id}/reveal shows one event as it is, once the
// event ADMIN_LOGS_REVEALED says who saw it.
//
// POST …/actors/{actorId}/erase takes an actor out of its events ("mode":"anonymize"), or
// deletes them ("mode":"delete"); …/erase-preview says which they are. Where the same id may
// be that of a user and of an administrator, "actor" says whose it is. Anonymising clears
// the actorId, writes [erased] in place of the id in message and metadata, and in place of
// the values whose keys Options.Mask and Options.Erase name; what the message says beside
// the id stays. Events of others that mention the actor are left as they are, and so are
// spill and dead-letter files, other sinks and backups. The record, ADMIN_LOGS_ERASED, has
// the mode, the count, and of the actor the first 16 hexadecimal digits of the id's
// SHA-256.
//
// What is searched for, and ids of actors, stand in the addresses of the page and of these
// endpoints, by which they can be sent on and found again. The browser tells them to no other
// site (Referrer-Policy: same-origin), and no cache keeps them (no-store), but the host's
// access log might: have it write what [AccessLogPath] makes of a request.
package admin
