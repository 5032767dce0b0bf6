package admin_test

import (
	"testing"

	"github.com/callastar/syslog/internal/pgtest"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(main{m}, goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

// main ends the database server before leaks are looked for.
type main struct{ *testing.M }

func (m main) Run() int { return pgtest.Main(m.M) }
