// Package admin serves the activity log over HTTP: the endpoints by which a page or a
// program lists and deletes events, and the one that a scheduler calls to clean up.
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
//
// and [Handler] is an http.Handler for the same below any prefix:
//
//	mux.Handle("/anywhere/", http.StripPrefix("/anywhere", h))
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
// Every answer is a JSON object with "success". One that is false has "error", a
// sentence in the language of the request, and "details", a list of objects with "field"
// and "message": nothing that a request says is ignored or corrected in silence, but
// for a limit above 500, which is 500.
//
// An export is the exception: a file, with the trailer X-Export-Truncated behind it. One
// that fails midway breaks the connection off. A proxy that speaks HTTP/1.0 hides both.
package admin
