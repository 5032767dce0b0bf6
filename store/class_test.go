package store_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
	"github.com/stretchr/testify/require"
)

// TestSQLStates: the class of every code that a write may meet.
func TestSQLStates(t *testing.T) {
	for class, states := range map[store.Class][]string{
		store.Transient: {
			"08000", "08003", "08006", "08P01", "0A000", "25006", "25P02", "26000", "40001", "40003", "40P01", "42P05",
			"53000", "53100", "53200", "53300", "53400", "55006", "55P03", "57000", "57014", "57P01", "57P02", "57P03", "57P04", "57P05",
			"58000", "58030", "58P01", "XX000", "72000", "", "1", "99999",
		},
		store.Poison: {
			"22000", "22001", "22003", "22007", "22008", "22021", "22026", "22P02", "22P04", "22P05", "22030", "22032",
			"23000", "23001", "23503", "23505", "23514", "23P01", "54000", "54001", "54011", "54023",
			"P0000", "P0001", "P0002", "P0003", "P0004", "09000", "21000", "27000", "38000", "38001", "39004", "44000",
		},
		store.Misconfigured: {
			"22P03", "23502", "28000", "28P01", "3D000", "3F000", "42000", "42501", "42601", "42703", "42704", "42804", "42809", "42883",
			"42P01", "42P10", "428C9", "55000", "XX001", "XX002",
		},
	} {
		for _, state := range states {
			v := store.SQLState(state)
			require.Equal(t, class, v.Class, state)
			if class == store.Misconfigured {
				require.NotEmpty(t, v.Hint, state)
			}
		}
	}
}

// TestSQLiteCodes: the class of every result code, with what is in its high bytes.
func TestSQLiteCodes(t *testing.T) {
	poison := []int{18, 19, 20, 275, 531, 787, 1043, 1299, 1555, 1811, 2067, 2323, 2579, 2835}
	misconfigured := []int{
		1, 257, 3, 8, 264, 520, 776, 1032, 1288, 1544, 11, 267, 523, 779, 14, 270, 526, 782, 1038, 1294, 1550, 22, 23, 279, 26,
		10 | 32<<8, 10 | 33<<8, 3091,
	}
	for primary := range 29 {
		for extended := range 40 {
			code := primary | extended<<8
			v := store.SQLite(code, "what happened", "system_logs")
			switch {
			case slices.Contains(poison, code):
				require.Equal(t, store.Poison, v.Class, code)
			case slices.Contains(misconfigured, code):
				require.Equal(t, store.Misconfigured, v.Class, code)
				require.NotEmpty(t, v.Hint, code)
			case extended == 0:
				require.Equal(t, store.Transient, v.Class, code)
			}
		}
	}
	for text, want := range map[string]store.Class{
		"NOT NULL constraint failed: system_logs.tenant":                           store.Misconfigured,
		"constraint failed: NOT NULL constraint failed: SYSTEM_logs.tenant (1299)": store.Misconfigured,
		"NOT NULL constraint failed: system_logs.actor_id":                         store.Poison,
		"NOT NULL constraint failed: audit.tenant":                                 store.Poison,
	} {
		require.Equal(t, want, store.SQLite(1299, text, "system_logs").Class, text)
	}
	for text, want := range map[string]store.Class{
		"UNIQUE constraint failed: system_logs.id":                           store.Transient,
		"constraint failed: UNIQUE constraint failed: system_logs.id (1555)": store.Transient,
		"UNIQUE constraint failed: system_logs.message":                      store.Poison,
		"UNIQUE constraint failed: system_logs.type, system_logs.id":         store.Poison,
		"constraint failed: UNIQUE constraint failed: audit.id (1555)":       store.Poison,
		"UNIQUE constraint failed: index 'host'":                             store.Poison,
	} {
		for _, code := range []int{1555, 2067} {
			require.Equal(t, want, store.SQLite(code, text, "system_logs").Class, text)
		}
	}
	for _, text := range []string{"cannot start a transaction within a transaction", "cannot commit - no transaction is active"} {
		require.Equal(t, store.Transient, store.SQLite(1, text, "system_logs").Class, text)
	}
}

type stateError string

func (e stateError) Error() string    { return "state " + string(e) }
func (e stateError) SQLState() string { return string(e) }

// textError is of a driver that hides the codes.
type textError string

func (e textError) Error() string { return string(e) }

// fieldError is of a driver that has them in fields.
type fieldError struct{ Code, ExtendedCode int32 }

func (fieldError) Error() string { return "NOT NULL constraint failed: system_logs.tenant" }

// methodError is of one that has a method.
type methodError int

func (e methodError) Error() string { return "NOT NULL constraint failed: system_logs.tenant" }
func (e methodError) Code() int     { return int(e) }

// TestMarksOfJoinedErrors: what is wrapped is seen, and of what is joined the
// mildest holds.
func TestMarksOfJoinedErrors(t *testing.T) {
	for _, name := range []string{"portable", "sqlite"} {
		known := store.DialectOf(name, false).Verdict
		if known == nil {
			known = func(err error, _ string) (store.Verdict, bool) {
				coded, ok := err.(interface{ SQLState() string })
				if !ok {
					return store.Verdict{}, false
				}
				return store.SQLState(coded.SQLState()), true
			}
		}
		judge := func(err error) store.Class {
			return store.Judge(err, func(err error) (store.Verdict, bool) { return known(err, "system_logs") }).Class
		}
		poison, gone, busy := error(stateError("22001")), error(stateError("42P01")), error(stateError("40001"))
		if name == "sqlite" {
			poison, gone, busy = textError("CHECK constraint failed: host"), textError("no such table: system_logs"), textError("database is locked")
		}
		unknown := errors.New("something else")
		wrap := func(err error) error { return fmt.Errorf("event %q: %w", "datatype mismatch", err) }
		for _, c := range []struct {
			err  error
			want store.Class
		}{
			{poison, store.Poison},
			{gone, store.Misconfigured},
			{busy, store.Transient},
			{unknown, store.Transient},
			{wrap(wrap(poison)), store.Poison},
			{wrap(gone), store.Misconfigured},
			{wrap(unknown), store.Transient},
			{errors.Join(poison, nil), store.Poison},
			{errors.Join(poison, wrap(poison)), store.Poison},
			{errors.Join(poison, busy), store.Transient},
			{errors.Join(busy, poison), store.Transient},
			{errors.Join(poison, unknown), store.Transient},
			{errors.Join(wrap(poison), gone), store.Misconfigured},
			{errors.Join(gone, poison), store.Misconfigured},
			{errors.Join(gone, busy), store.Transient},
			{fmt.Errorf("%w and %w", poison, context.Canceled), store.Transient},
			{wrap(errors.Join(poison, wrap(errors.Join(poison, busy)))), store.Transient},
		} {
			require.Equal(t, c.want, judge(c.err), "%s: %v", name, c.err)
		}
	}
}

// TestMarks: a verdict is told by one mark, and by the text.
func TestMarks(t *testing.T) {
	cause := errors.New("cause")
	for class, want := range map[store.Class][2]bool{store.Transient: {}, store.Misconfigured: {true, false}, store.Poison: {false, true}} {
		err := fmt.Errorf("write: %w", store.Verdict{Class: class, Hint: "; do this"}.Mark(cause))
		require.ErrorIs(t, err, cause)
		require.EqualError(t, err, "write: cause; do this")
		var m interface{ IsMisconfigured() bool }
		var p interface{ IsPermanent() bool }
		require.Equal(t, want[0], errors.As(err, &m) && m.IsMisconfigured(), class)
		require.Equal(t, want[1], errors.As(err, &p) && p.IsPermanent(), class)
	}
	require.NoError(t, syslog.Misconfigured(nil))
	for err, want := range map[error][2]bool{ // the outermost holds
		syslog.Misconfigured(syslog.Permanent(cause)): {true, false},
		syslog.Permanent(syslog.Misconfigured(cause)): {false, true},
	} {
		var m interface{ IsMisconfigured() bool }
		var p interface{ IsPermanent() bool }
		require.Equal(t, want, [2]bool{errors.As(err, &m) && m.IsMisconfigured(), errors.As(err, &p) && p.IsPermanent()})
	}
}

// TestServerErrors: one code may have several causes, which the server tells apart.
func TestServerErrors(t *testing.T) {
	const ours = "system_logs"
	for _, c := range []struct {
		err  store.ServerError
		want store.Class
	}{
		{store.ServerError{Code: "23502", Table: ours, Column: "tenant"}, store.Misconfigured},
		{store.ServerError{Code: "23502", Table: ours + "_20260318", Column: "tenant"}, store.Misconfigured},
		{store.ServerError{Code: "23502", Table: ours, Column: "actor_id"}, store.Poison},
		{store.ServerError{Code: "23502", Table: ours + "_p20260318_102009", Column: "tenant"}, store.Misconfigured}, // a shard's
		{store.ServerError{Code: "23502", Table: ours + "_past", Column: "tenant"}, store.Misconfigured},
		{store.ServerError{Code: "23502", Table: "audit", Column: "tenant"}, store.Poison},
		{store.ServerError{Code: "23502", Table: ours + "_audit", Column: "tenant"}, store.Poison},
		{store.ServerError{Code: "23502", Table: ours + "2", Column: "tenant"}, store.Poison},
		{store.ServerError{Code: "23502"}, store.Misconfigured}, // of a driver that hides it
		{store.ServerError{Code: "23514", Table: ours, Constraint: "host"}, store.Poison},
		{store.ServerError{Code: "23514", Table: ours}, store.Misconfigured},
		{store.ServerError{Code: "23514"}, store.Poison}, // raised by a trigger
		{store.ServerError{Code: "54000", Routine: "GetNewTransactionId"}, store.Misconfigured},
		{store.ServerError{Code: "54000", Routine: "GetNewMultiXactId"}, store.Misconfigured},
		{store.ServerError{Code: "54000", Routine: "_bt_check_third_page", Table: ours}, store.Poison},
		{store.ServerError{Code: "40001"}, store.Transient},
	} {
		v := c.err.Verdict(ours, "id", "actor_id")
		require.Equal(t, c.want, v.Class, "%+v", c.err)
		require.Equal(t, c.want == store.Misconfigured, v.Hint != "", "%+v", c.err)
	}
}

// TestEveryDriverIsUnderstood, whether it has the code in fields, by a method or not
// at all.
func TestEveryDriverIsUnderstood(t *testing.T) {
	known := store.DialectOf("sqlite", false).Verdict
	for _, c := range []struct {
		err  error
		want store.Class
	}{
		{fieldError{19, 1811}, store.Poison},
		{&fieldError{19, 1811}, store.Poison},
		{&fieldError{5, 261}, store.Transient},
		{fieldError{26, 0}, store.Misconfigured},
		{methodError(1811), store.Poison},
		{methodError(261), store.Transient},
		{fieldError{}, store.Misconfigured}, // by its text
		{textError("string or blob too big"), store.Poison},
	} {
		v, ok := known(c.err, "system_logs")
		require.True(t, ok)
		require.Equal(t, c.want, v.Class, "%#v", c.err)
	}
	_, ok := known(textError("something else"), "system_logs")
	require.False(t, ok)
}
