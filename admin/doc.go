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
