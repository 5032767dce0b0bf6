//go:build cgo

package sqlite

import (
	"fmt"

	_ "github.com/mattn/go-sqlite3" // the driver of gorm.io/driver/sqlite
)

const driverName = "sqlite3"

// dsn adds the settings of a role to a URI: "writer", "reader", or "" for none
// but patience.
func dsn(uri, role string) string {
	set := fmt.Sprintf("_busy_timeout=%d&_txlock=immediate", busyTimeout.Milliseconds())
	switch role {
	case "writer":
		set += fmt.Sprintf("&_journal_mode=WAL&_synchronous=FULL&_cache_size=-%d", cacheKiB)
	case "reader":
		set += fmt.Sprintf("&_query_only=true&_cache_size=-%d", cacheKiB/readers)
	}
	return joinQuery(uri, set)
}
