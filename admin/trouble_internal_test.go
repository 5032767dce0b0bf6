package admin

import (
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// TestTroublesInBothLanguages: what the library says of itself is said in the page's words,
// and what a destination said as it is.
func TestTroublesInBothLanguages(t *testing.T) {
	en, fr := ours.voices["en"], ours.voices["fr"]
	for _, c := range []struct {
		p      syslog.Problem
		en, fr troubleView
	}{
		{
			syslog.Problem{Destination: "store", Kind: syslog.ProblemWrites, Count: 3, Waiting: 1500, Misconfigured: true, Cause: "no table\u202e", For: 3 * time.Minute},
			troubleView{Where: "store", Text: "3 writes in a row failed, 1,500 logs wait until somebody changes something", Since: "for 3 min"},
			troubleView{Where: "stockage", Text: "3 écritures de suite ont échoué, 1\u202f500 logs en attente jusqu’à une intervention", Since: "depuis 3\u00a0min"},
		}, {
			syslog.Problem{Destination: "<b>", Kind: syslog.ProblemLost, Count: 1},
			troubleView{Where: "<b>", Text: "1 log was lost so far"}, troubleView{Where: "<b>", Text: "1 log perdu jusqu’ici"},
		}, {
			syslog.Problem{Destination: "store", Kind: syslog.ProblemDisk, Cause: "read-only"},
			troubleView{Where: "store", Text: "logs cannot be kept on disk"}, troubleView{Where: "stockage", Text: "les logs ne peuvent pas être gardés sur disque"},
		}, {
			syslog.Problem{Destination: "store", Kind: syslog.ProblemUnreachable, Cause: "refused"},
			troubleView{Where: "store", Text: "does not answer"}, troubleView{Where: "stockage", Text: "ne répond pas"},
		}, {
			syslog.Problem{Destination: "store", Kind: problemClosed},
			troubleView{Where: "store", Text: "is closed: nothing is taken any more"}, troubleView{Where: "stockage", Text: "est fermé\u00a0: plus rien n’est accepté"},
		},
	} {
		cause := runs(c.p.Cause, false)
		c.en.Cause, c.fr.Cause = cause, cause
		require.Equal(t, [2]troubleView{c.en, c.fr}, [2]troubleView{newTrouble(en, c.p), newTrouble(fr, c.p)})
	}
	require.Equal(t, runs("something new", false), newTrouble(fr, syslog.Problem{Kind: "later", Text: "something new"}).Cause)
}
