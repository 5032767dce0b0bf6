package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
)

// tourOfTheLog is the activity log, for an administrator.
func tourOfTheLog(ctx context.Context, c client, o options, admin string) []step {
	get := func(what, path string) step {
		return step{what, http.StatusOK, func() (answer, error) {
			return c.send(ctx, http.MethodGet, logsPath+path, bearer(admin), nil)
		}}
	}
	var id string // of an event
	var asOf, count any
	remove := map[string]any{"deleteType": "filters", "type": "ACCESS_DENIED"}
	return []step{
		{"read the log as an administrator", 200, func() (answer, error) {
			a, err := c.logs(ctx, admin, "?type=AUTH_LOGIN&limit=1")
			if logs, _ := a.body["logs"].([]any); len(logs) > 0 {
				id, _ = logs[0].(map[string]any)["id"].(string)
			}
			return a, err
		}},
		{"read one event", 200, func() (answer, error) { return c.logs(ctx, admin, "/"+id) }},
		{"read what is around it", 200, func() (answer, error) { return c.logs(ctx, admin, "/"+id+"/context") }},
		get("count", "/count?level=ERROR"),
		get("statistics", "/stats?range=24h"),
		get("histogram", "/histogram?range=24h&buckets=24"),
		get("facets", "/facets?fields=level,type"),
		get("suggest a type", "/suggest?field=type&q=pay"),
		get("export as a file", "/export?format=csv"),
		{"live tail", 200, func() (answer, error) {
			return c.send(ctx, http.MethodHead, logsPath+"/tail", bearer(admin), nil) // a GET has no end
		}},
		get("health", "/health"),
		get("description for programs", "/openapi.json"),
		{"preview a deletion", 200, func() (answer, error) {
			a, err := c.as(ctx, admin, logsPath+"/delete-preview", remove)
			asOf, count = a.body["asOf"], a.body["count"]
			return a, err
		}},
		{"delete just that", 200, func() (answer, error) {
			remove["asOf"], remove["expectedCount"] = asOf, count
			body, err := json.Marshal(remove)
			if err != nil {
				return answer{}, err
			}
			return c.deleteLogs(ctx, admin, string(body))
		}},
		{"reveal what is masked", 200, func() (answer, error) { return c.as(ctx, admin, logsPath+"/"+id+"/reveal", nil) }},
		{"preview an erasure", 200, func() (answer, error) {
			return c.as(ctx, admin, logsPath+"/actors/usr_ada/erase-preview", map[string]string{"mode": "anonymize"})
		}},
		{"erase a person", 200, func() (answer, error) {
			return c.as(ctx, admin, logsPath+"/actors/usr_ada/erase", map[string]string{"mode": "anonymize"})
		}},
		{"clean up as an administrator", 200, func() (answer, error) { return c.as(ctx, admin, logsPath+"/cleanup", nil) }},
		{"clean up as a scheduler", 200, func() (answer, error) { return c.cleanup(ctx, o.cronSecret) }},
		{"sign in with a browser", 303, func() (answer, error) {
			form := url.Values{"email": {"kim@example.com"}, "password": {"kim signs payouts"}}
			return c.post(ctx, "/login", http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, []byte(form.Encode()))
		}},
		{"open the page", 200, func() (answer, error) {
			return c.send(ctx, http.MethodGet, pagePath, http.Header{"Cookie": {cookieName + "=" + admin}, "Accept": {"text/html"}}, nil)
		}},
	}
}
