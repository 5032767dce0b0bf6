package admin

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/callastar/syslog"
)

// csvColumns is the first row of a CSV file.
var csvColumns = []string{"id", "createdAt", "level", "type", "actor", "actorId", "message", "metadata"}

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
	e.cells = append(e.cells[:0], l.ID, l.CreatedAt.UTC().Format(milliseconds), l.Level.String(), l.Type, string(l.Actor), l.ActorID, l.Message, string(l.Metadata))
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

// otherCells are where a cell begins for who takes another separator, or no quotes.
var otherCells = regexp.MustCompile(`([;,\t\r\n]"*)([=+\-@＝＋－＠])`)

// harmless is a cell that no spreadsheet takes for a formula, and that is UTF-8.
func harmless(text string) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = otherCells.ReplaceAllString(text, "$1'$2")
	switch first, _ := utf8.DecodeRuneInString(text); first {
	case '=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠':
		return "'" + text
	}
	return text
}
