//go:build !cgo

package sqlite

import (
	"fmt"

	_ "modernc.org/sqlite" // the same engine without cgo
)

const driverName = "sqlite"

// dsn adds the settings of a role to a URI: "writer", "reader", or "" for none
// but patience.
func dsn(uri, role string) string {
	set := fmt.Sprintf("_pragma=busy_timeout(%d)&_txlock=immediate", busyTimeout.Milliseconds())
	switch role {
	case "writer":
		set += fmt.Sprintf("&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=cache_size(-%d)", cacheKiB)
	case "reader":
		set += fmt.Sprintf("&_pragma=query_only(true)&_pragma=cache_size(-%d)", cacheKiB/readers)
	}
	return joinQuery(uri, set)
}
