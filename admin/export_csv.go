package admin

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"strings"
	"unicode/utf8"

	"github.com/callastar/syslog"
)

// csvColumns is the first row of a CSV file.
var csvColumns = []string{"id", "createdAt", "level", "type", "actor", "actorId", "message", "metadata"}

// csvTime is the form of times there, of the same length for all.
const csvTime = "2006-01-02T15:04:05.000Z07:00"

// csvEncoder writes rows that end in CRLF, as RFC 4180 has them. It sets that behind each
// row itself: a csv.Writer with UseCRLF also changes the line breaks within cells.
type csvEncoder struct {
	w     *bufio.Writer
	bom   bool
	row   *csv.Writer
	line  bytes.Buffer
	cells []string
}

func newCSVEncoder(w *bufio.Writer, sep rune, bom bool) *csvEncoder {
	e := &csvEncoder{w: w, bom: bom, cells: make([]string, len(csvColumns))}
	e.row = csv.NewWriter(&e.line)
	e.row.Comma = sep
	return e
}

func (e *csvEncoder) begin() {
	if e.bom {
		_, _ = e.w.WriteString("\uFEFF")
	}
	_ = e.write(csvColumns)
}

func (e *csvEncoder) event(l syslog.Log) error {
	e.cells = append(e.cells[:0], l.ID, l.CreatedAt.UTC().Format(csvTime), l.Level.String(), l.Type, string(l.Actor), l.ActorID, l.Message, string(l.Metadata))
	for i, text := range e.cells {
		e.cells[i] = harmless(text)
	}
	return e.write(e.cells)
}

func (e *csvEncoder) end() {}

func (e *csvEncoder) write(cells []string) error {
	e.line.Reset()
	err := e.row.Write(cells)
	if e.row.Flush(); err != nil {
		return err
	}
	_, _ = e.w.Write(bytes.TrimSuffix(e.line.Bytes(), []byte("\n")))
	_, err = e.w.WriteString("\r\n")
	return err
}

// harmless is a cell that no spreadsheet takes for a formula, and that is UTF-8.
func harmless(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	switch first, _ := utf8.DecodeRuneInString(text); first {
	case '=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠':
		return "'" + text
	}
	return text
}
