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
// and [Handler] is an http.Handler for the same below any prefix:
//
//	mux.Handle("/anywhere/", http.StripPrefix("/anywhere", h))
//
// where the page is at /anywhere/. Its addresses are relative, so that it needs to know
// neither the prefix nor what a proxy in front makes of it.
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
package admin
