package postgres

import (
	"encoding/binary"
	"time"

	"github.com/callastar/syslog"
)

// The types of columns, by their numbers in pg_type, which never change.
const (
	oidText        = 25
	oidTimestamp   = 1114
	oidTimestamptz = 1184
	oidJSONB       = 3802
)

// copyHeader begins the binary format of COPY: a signature, flags, no extension.
// copyEnd ends it.
const (
	copyHeader = "PGCOPY\n\xff\r\n\x00" + "\x00\x00\x00\x00" + "\x00\x00\x00\x00"
	copyEnd    = "\xff\xff"
)

// jsonbVersion is the first byte of a jsonb value on the wire.
const jsonbVersion = 1

// epoch is where PostgreSQL counts its microseconds from: the year 2000.
const epoch = 946_684_800_000_000

// microseconds is a time as the database has it on the wire.
func microseconds(t time.Time) uint64 { return uint64(t.UnixMilli()*1000 - epoch) }

// appendRow appends an event as COPY has it in its binary format.
func appendRow(dst []byte, e *syslog.Log) []byte {
	dst = binary.BigEndian.AppendUint16(dst, 8) // columns
	dst = appendText(dst, e.ID)
	dst = appendText(dst, e.Level.String())
	dst = appendText(dst, e.Type)
	dst = appendText(dst, string(e.Actor))
	dst = appendNullText(dst, e.ActorID)
	dst = appendText(dst, e.Message)
	dst = appendJSON(dst, e.Metadata)
	return appendTime(dst, e.CreatedAt)
}

func appendText(dst []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint32(dst, uint32(len(s))), s...)
}

func appendNull(dst []byte) []byte { return binary.BigEndian.AppendUint32(dst, 0xFFFF_FFFF) }

func appendNullText(dst []byte, s string) []byte {
	if s == "" {
		return appendNull(dst)
	}
	return appendText(dst, s)
}

func appendJSON(dst, json []byte) []byte {
	if len(json) == 0 {
		return appendNull(dst)
	}
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(json)+1))
	return append(append(dst, jsonbVersion), json...)
}

func appendTime(dst []byte, t time.Time) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(dst, 8), microseconds(t))
}

// arrays are the columns of a batch, each as one array on the wire.
func arrays(logs []syslog.Log, l *layout) [][]byte {
	events := make([]syslog.Log, len(logs))
	for i := range logs {
		events[i] = *l.stored(&logs[i])
	}
	array := func(oid uint32, each func(dst []byte, e *syslog.Log) []byte) []byte {
		var dst []byte
		for _, v := range []uint32{1, 1, oid, uint32(len(events)), 1} { // one dimension, with NULLs, from 1
			dst = binary.BigEndian.AppendUint32(dst, v)
		}
		for i := range events {
			dst = each(dst, &events[i])
		}
		return dst
	}
	return [][]byte{
		array(oidText, func(dst []byte, e *syslog.Log) []byte { return appendText(dst, e.ID) }),
		array(oidText, func(dst []byte, e *syslog.Log) []byte { return appendText(dst, e.Level.String()) }),
		array(oidText, func(dst []byte, e *syslog.Log) []byte { return appendText(dst, e.Type) }),
		array(oidText, func(dst []byte, e *syslog.Log) []byte { return appendText(dst, string(e.Actor)) }),
		array(oidText, func(dst []byte, e *syslog.Log) []byte { return appendNullText(dst, e.ActorID) }),
		array(oidText, func(dst []byte, e *syslog.Log) []byte { return appendText(dst, e.Message) }),
		array(oidJSONB, func(dst []byte, e *syslog.Log) []byte { return appendJSON(dst, e.Metadata) }),
		array(l.timeOID, func(dst []byte, e *syslog.Log) []byte { return appendTime(dst, e.CreatedAt) }),
	}
}
