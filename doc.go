// Package syslog is an activity log for inside a Go program: who did what, and
// when, stored in the database that the program already has. It is neither RFC
// 5424 nor the standard log/syslog: nothing is sent to a syslog daemon.
//
//	package main
//
//	import (
//		"context"
//		"fmt"
//		"log"
//
//		"github.com/callastar/syslog"
//		"github.com/callastar/syslog/store/sqlite"
//	)
//
//	func main() {
//		ctx := context.Background()
//		st, err := sqlite.Open("app-logs.db")
//		if err != nil {
//			log.Fatal(err)
//		}
//		logger, err := syslog.New(st, nil)
//		if err != nil {
//			log.Fatal(err)
//		}
//		defer logger.Close()
//
//		logger.Auth(ctx, syslog.AuthLogin, "usr_1", true)
//		logger.PayoutEvent(ctx, syslog.PayoutApproved, "po_1", "cr_7", 500, "EUR",
//			syslog.Metadata{"approvedBy": "adm_1"})
//
//		if err := logger.Flush(ctx); err != nil {
//			log.Print(err)
//		}
//		page, err := logger.Query(ctx, syslog.Query{})
//		if err != nil {
//			log.Print(err)
//		}
//		for _, l := range page.Logs {
//			fmt.Println(l.CreatedAt, l.Level, l.Type, l.Actor, l.ActorID, l.Message)
//		}
//	}
//
// # Recording
//
// An event is a [Log]: a level, a type such as "PAYOUT_APPROVED", who acted, a
// message for people, and metadata for programs. Four methods record any event
// at a level: [Logger.Info], [Logger.Warning], [Logger.Error] and
// [Logger.Critical]. The others know a kind of event, such as [Logger.Booking] or
// [Logger.APIError], and choose type, level, actor and message. Every one exists
// at package level too, as [LogInfo] or [LogBooking], on the logger that
// [SetDefault] was given; without one these print to stderr.
//
// All take details at the end: [Metadata], a map; [Attrs], attributes of
// log/slog, which cost no allocation; and [AtLevel], for another level than the
// helper's own. Later ones win over earlier ones, and the fields that the helper
// itself adds win over all.
//
// None of these methods waits for the database, returns an error or panics, and a
// cancelled context changes nothing for them. Where it matters what became of an
// event there are two more: [Logger.Log] says whether it was accepted, and
// [Logger.Commit] waits until it is stored. What must be stored exactly if a
// transaction of the host commits goes through WriteTx of the store instead.
//
// Code that logs through log/slog reaches the same place by [Logger.Handler].
//
// # What happens to an event
//
// It is made whole before the call returns, on the caller's goroutine. It gets its
// ID and its time, in whole milliseconds. Metadata is encoded to JSON, so nothing
// of it is shared with the caller afterwards. Fields whose name says that they hold
// a secret are redacted: see [Config].Redact. What some database would not
// take is repaired, and the repair is marked in the metadata: "_encodeError" says what
// could not be encoded, "_truncated" what was cut. An unknown level is recorded as
// ERROR and an unknown actor as SYSTEM, with the value given under "_level" or
// "_actor"; an event without a type is "UNSPECIFIED".
//
// Then it waits in memory. Each destination, the store first and each of
// [Config].Sinks, has a queue bounded in events and in bytes, and one goroutine
// that writes batches from it. A batch goes out when it is large enough, when its
// oldest event has waited for [Config].FlushInterval, or as soon as somebody waits
// for it. A write that fails is tried again, after a pause of up to 30 seconds, for
// as long as the process lives; the ID makes sure that an event is stored once,
// however often it is written.
//
// With [Config].SpillDir, a directory of this process alone, what memory or an
// outage cannot hold goes to disk and comes back in order, after a restart, too.
// [Config].Durability says how much goes there.
//
// So this is what can be lost:
//
//   - When a queue fills up, because its destination is slow or away, new events are
//     refused: INFO once the queue is 75 % full, WARNING at 85 %, ERROR at 95 % and
//     CRITICAL at 100 %. [Logger.Log] and [Logger.Commit] say so; the other methods
//     have nowhere to. With a SpillDir that takes the disk to be full, or away, or
//     slower than the calls; at [Config].SpillMaxBytes the oldest there are dropped.
//   - When the process is killed, what is in memory alone is gone: with a database
//     that answers the events of about the last FlushInterval and the batch being
//     written, with one that does not everything since it stopped. With a SpillDir
//     it is what has not waited for a second; at level [Journal], the last moments.
//   - After [Logger.Shutdown] has begun, events are refused.
//   - A destination may decline an event for good with [Permanent]. With a SpillDir
//     or a [Config].DeadLetterFile it is set aside there, for
//     [Logger.ReplayDeadLetters].
//     What a person has to put right first is [Misconfigured]: those events wait.
//
// Every loss that the process lives to see is counted in [Logger.Stats], told to
// [Config].OnDrop and to [Config].Logger, and, once there is room again, written
// into the log itself as an event of type [TypeEventsDropped]. The counters of a
// destination add up at every moment; [SinkStats] has the equations. A CRITICAL event
// that is lost is printed to stderr. [Logger.Healthy] says whether all is well.
//
// # Reading
//
// [Logger.Query] returns a page of the events that a [Filter] chooses, newest first
// unless [Query].Order says otherwise. An event is found once it is stored: call
// [Logger.Flush] before, where that matters. Pages can be asked for by number or
// offset, or, better, by the cursor that the page before returned, which costs the
// same at any depth and neither repeats nor skips an event while others are stored.
// [CountCapped] and [CountNone] save counting a large table.
//
// [Logger.All] yields every event that a filter chooses, in constant memory.
//
// Text is searched as substrings, in any case of any script, without wildcards.
// Times bound both ends inclusively.
//
// # Retention
//
// [Logger.Cleanup] deletes what [Config].Retention no longer keeps: by default INFO
// after 30 days, WARNING after 60, ERROR after 90, and CRITICAL never. Nothing runs
// it by itself: call it once a day, from whatever runs such things in the program.
// [Logger.Delete] deletes what a filter chooses, and refuses an empty one;
// [Logger.DeleteAll] is the way to empty the table. All three work in short
// batches, so that others can write meanwhile, and when the context ends return how
// many events were deleted by then.
//
// # Ending
//
// [Logger.Shutdown] refuses new events, delivers what is queued, and closes the
// sinks and the store; a store closes a database only if it opened it. When its
// context ends first it returns a [ShutdownError] that says how many events are
// left. With a SpillDir they are on disk then, for the next start. Without, they are
// still being tried, and Shutdown may be called again; they are lost if the process
// ends instead. [Logger.Close] is Shutdown within 10 seconds.
// os.Exit and log.Fatal run no deferred Close.
//
// # Testing
//
// Package syslogtest has a logger for tests with a recorder of what was logged,
// and a store in memory that fails and hangs as told. Package sink and the ones
// below it have destinations to put beside the store. Package metrics publishes
// [Logger.Stats].
package syslog
