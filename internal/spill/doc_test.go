package spill

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/callastar/syslog/internal/frame"
	"github.com/stretchr/testify/require"
)

// layout is a table of docs/SPILL.md: where the fields of a structure are.
type layout struct {
	t      *testing.T
	fields map[string][2]int
	size   int
}

// documented reads the table below a heading, whose fields must follow each other.
func documented(t *testing.T, heading string) layout {
	t.Helper()
	doc, err := os.ReadFile("../../docs/SPILL.md")
	require.NoError(t, err)
	_, part, ok := strings.Cut(string(doc), "# "+heading+"\n")
	require.True(t, ok, heading)
	part, _, _ = strings.Cut(part, "\n#")
	l := layout{t: t, fields: map[string][2]int{}}
	for _, row := range regexp.MustCompile(`(?m)^\| (\d+) \| (\d+) \| ([A-Za-z ]+)`).FindAllStringSubmatch(part, -1) {
		at, _ := strconv.Atoi(row[1])
		n, _ := strconv.Atoi(row[2])
		require.Equal(t, l.size, at, row[0])
		l.fields[strings.TrimSpace(row[3])] = [2]int{at, n}
		l.size += n
	}
	require.NotZero(t, l.size, heading)
	return l
}

func (l layout) bytes(b []byte, field string) []byte {
	f, ok := l.fields[field]
	require.True(l.t, ok, field)
	return b[f[0] : f[0]+f[1]]
}

func (l layout) number(b []byte, field string) int {
	var n [8]byte
	copy(n[:], l.bytes(b, field))
	return int(binary.LittleEndian.Uint64(n[:]))
}

// sealed checks a CRC over all that precedes it.
func (l layout) sealed(b []byte, field string) {
	crc := crc32.Checksum(b[:l.fields[field][0]], crc32.MakeTable(crc32.Castagnoli))
	require.EqualValues(l.t, crc, l.number(b, field), field)
}

// A segment and a cursor, read by the document and not by the code.
func TestTheDocumentIsRight(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	l, _ := openLog(t, options(dir))
	texts := []string{"id-7", "ORDER_PLACED", "user", "u-42", "äöü", `{"a":1}`}
	f := frame.Begin(nil)
	for _, s := range texts {
		f = append(f, s...)
	}
	frame.End(f, frame.Head{Level: 2, CreatedAt: 1234567890123, ID: 4, Type: 12, Actor: 4, ActorID: 4, Message: 6, Metadata: 7})
	put(t, l, &Batch{Views: [][]byte{f}, N: 1, First: 1})
	put(t, l, run(2, 5, "message"))
	r, _, err := l.Next(3, 1<<20)
	require.NoError(t, err)
	l.Ack(r.Parts, slices.Values(framesOf(r.Views)))
	l.Close()

	seg, err := os.ReadFile(filepath.Join(dir, "0000000000000001.seg"))
	require.NoError(t, err)
	head, header, fr, slot := documented(t, "Head"), documented(t, "Batch header"), documented(t, "Frame"), documented(t, "Cursor")
	require.Equal(t, "SYSLOGSP", string(head.bytes(seg, "magic")))
	require.Equal(t, 1, head.number(seg, "version"))
	require.Equal(t, head.size, head.number(seg, "head size"))
	require.Zero(t, head.number(seg, "reserved"))
	require.Equal(t, 1, head.number(seg, "number"))
	require.NotZero(t, head.number(seg, "created"))
	head.sealed(seg, "head CRC")

	var got [][]string
	var offsets []int
	for at := head.size; at < len(seg); {
		offsets = append(offsets, at)
		b := seg[at:]
		require.Equal(t, head.bytes(seg, "nonce"), header.bytes(b, "batch nonce"))
		header.sealed(b, "batch CRC")
		size := header.number(b, "frames size")
		frames := b[header.size : header.size+size]
		require.EqualValues(t, crc32.Checksum(frames, crc32.MakeTable(crc32.Castagnoli)), header.number(b, "frames CRC"))
		var counts [4]int
		for len(frames) > 0 {
			counts[fr.number(frames, "level")]++
			e := []string{fmt.Sprint(fr.number(frames, "createdAt"))}
			p := fr.size
			for _, field := range []string{"id", "type", "actor", "actorId", "message", "metadata"} {
				n := fr.number(frames, "length of "+field)
				e = append(e, string(frames[p:p+n]))
				p += n
			}
			require.Equal(t, p, fr.number(frames, "size of the whole frame"))
			got = append(got, e)
			frames = frames[p:]
		}
		for lv, name := range []string{"INFO", "WARNING", "ERROR", "CRITICAL"} {
			require.Equal(t, counts[lv], header.number(b, "count of "+name))
		}
		at += header.size + size
	}
	require.Len(t, got, 6)
	require.Equal(t, append([]string{"1234567890123"}, texts...), got[0])
	require.Equal(t, []string{"1", "6", "", "", "", "message", ""}, got[5])

	cursor, err := os.ReadFile(filepath.Join(dir, "cursor"))
	require.NoError(t, err)
	if slot.number(cursor, "generation") == 0 && len(cursor) > slot.size {
		cursor = cursor[slot.size:]
	}
	slot.sealed(cursor, "slot CRC")
	require.Equal(t, 1, slot.number(cursor, "segment"))
	require.Equal(t, offsets[1], slot.number(cursor, "place"))
	require.Equal(t, 2, slot.number(cursor, "skip"))
}
