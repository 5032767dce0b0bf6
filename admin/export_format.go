package admin

import (
	"bufio"
	"encoding/json"

	"github.com/callastar/syslog"
)

// The formats of exports, which are also the extensions of their files.
const (
	formatCSV    = "csv"
	formatJSON   = "json"
	formatNDJSON = "ndjson"
)

// exportFormat is how events are written into a file.
type exportFormat struct {
	format string
	sep    rune // of cells
	bom    bool // first, by which spreadsheets know UTF-8
}

// exportFormat reads "format", "sep" and "bom"; the last two are for CSV alone.
func (p parameters) exportFormat() exportFormat {
	as := exportFormat{formatCSV, ',', false}
	switch format := p.get("format"); format {
	case "":
	case formatCSV, formatJSON, formatNDJSON:
		as.format = format
	default:
		p.v.add("format", "want_format")
		return as
	}
	for _, field := range []string{"sep", "bom"} {
		if as.format != formatCSV && p.get(field) != "" {
			p.v.add(field, "csv_only")
			return as
		}
	}
	switch p.get("sep") {
	case "", "comma":
	case "semicolon":
		as.sep = ';'
	default:
		p.v.add("sep", "want_sep")
	}
	switch p.get("bom") {
	case "", "0":
	case "1":
		as.bom = true
	default:
		p.v.add("bom", "want_bom")
	}
	return as
}

func (as exportFormat) contentType() string {
	switch as.format {
	case formatJSON:
		return "application/json"
	case formatNDJSON:
		return "application/x-ndjson"
	}
	return "text/csv; charset=utf-8; header=present"
}

// encoder writes the events of a file. The errors of what is below it stay with that: they
// come with event, or with its Flush.
type encoder interface {
	begin()
	event(l syslog.Log) error
	end()
}

func (as exportFormat) encoder(w *bufio.Writer) encoder {
	switch as.format {
	case formatJSON:
		return &jsonEncoder{w: w, between: "\n"}
	case formatNDJSON:
		return ndjsonEncoder{w}
	}
	return newCSVEncoder(w, as.sep, as.bom)
}

// jsonEncoder writes an array of events as a list has them.
type jsonEncoder struct {
	w       *bufio.Writer
	between string
}

func (e *jsonEncoder) begin() { _, _ = e.w.WriteString("[") }
func (e *jsonEncoder) end()   { _, _ = e.w.WriteString("\n]\n") }

func (e *jsonEncoder) event(l syslog.Log) error {
	text, err := json.Marshal(l)
	if err != nil { // metadata that somebody else has put into the table
		return err
	}
	_, _ = e.w.WriteString(e.between)
	e.between = ",\n"
	_, err = e.w.Write(text)
	return err
}

// ndjsonEncoder writes one event a line.
type ndjsonEncoder struct{ w *bufio.Writer }

func (ndjsonEncoder) begin() {}
func (ndjsonEncoder) end()   {}

func (e ndjsonEncoder) event(l syslog.Log) error {
	text, err := json.Marshal(l)
	if err != nil {
		return err
	}
	_, err = e.w.Write(append(text, '\n'))
	return err
}
