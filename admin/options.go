package admin

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"
)

// Defaults of [Options].
const (
	DefaultQueryTimeout = 5 * time.Second
	DefaultHeavyQueries = 2
	DefaultMaxTails     = 8
	DefaultTailInterval = 2 * time.Second
	DefaultExportCap    = 1_000_000
)

// Options are the settings of a [Handler]. Zero fields have the default.
type Options struct {
	// Authorize says who asks, and what they may do. It is required, and called
	// concurrently, for every request but that of the scheduler. [ErrUnauthenticated] is
	// answered by 401, every other error by 403; its text is not shown.
	Authorize func(r *http.Request) (Principal, error)

	// CronSecret is what the scheduler sends as "Authorization: Bearer …". Without
	// one its endpoint answers 503.
	CronSecret string
	// AllowGETCron lets the scheduler GET, as Vercel's does. A GET is what crawlers and
	// previews send, too: leave it off elsewhere.
	AllowGETCron bool

	// ReadOnly refuses whatever changes the log, but for the scheduler.
	ReadOnly bool
	// TrustedOrigins are origins beside the handler's own from which requests may
	// change something, as "https://admin.example.com".
	TrustedOrigins []string

	// FrameAncestors are who may show the page in a frame: "self" for pages of its own
	// origin, or an origin as "https://console.example.com". None, the default, is nobody. A
	// frame within another site gets cookies with SameSite=None alone.
	FrameAncestors []string
	// PublicPath is the prefix that a proxy in front takes away, as "/ops": the commands of
	// the help have it. Links need none, they are relative. Where the prefix is the whole path
	// of the page, it is for the proxy to lead people from "/ops" to "/ops/".
	PublicPath string

	// DefaultLang is the language of answers to requests that ask for none: "en", the
	// default, "fr", or one of Catalogs.
	DefaultLang string
	// Catalogs are languages beside English and French, or other texts of these: files at its
	// root that are called by the language, as es.json or pt-BR.json, with an object of keys
	// and texts. [New] reads them once. See the documentation of the package.
	Catalogs fs.FS

	// DefaultRange is the period that the page opens with, "24h" or another one of the parameter
	// range: a large log is not read as a whole because somebody has a look. "" is all of it.
	DefaultRange string

	// NavLinks stand in the header of the page: the ways back to the host's own pages.
	NavLinks []NavLink

	// Alerts are the rules by which the host tells somebody of events, for the page to list.
	Alerts []Alert

	// QueryTimeout is how long a read may take: 5 s by default. A longer one is ended in the
	// database, and answered by 504.
	QueryTimeout time.Duration

	// HeavyQueries is how many reads that look at many events there may be at a time:
	// counts, statistics, histograms, facets, previews and exports. 2 by default. Others
	// wait for as long as a read may take, and are then answered by 429.
	HeavyQueries int

	// MaxTails is how many live tails there may be at a time, 8 by default: one for each
	// page that is watched. Others are answered by 429.
	MaxTails int

	// TailInterval is how often, while somebody watches, the store is looked at for events
	// that other processes store: 2 s by default, negative is never. What this process
	// stores comes at once.
	TailInterval time.Duration

	// ExportCap is how many events a file has at most: 1 000 000 by default. The trailer
	// X-Export-Truncated of an export says whether there were more. Four exports may be on
	// their way at a time; others wait as large reads do.
	ExportCap int

	// Mask is of which keys of the metadata the values are not shown, in no answer and no
	// file: [DefaultMask] by default. Who has PermReveal sees them of one event at a time,
	// which is recorded, and only who has it may filter by them. The message is text, and is
	// shown as it is, and so are the keys.
	Mask Mask

	// Erase is of which keys the values are erased, beside those of Mask, where what is
	// known of an actor is: [DefaultErase] by default.
	Erase Mask

	// Logger gets what goes wrong here. Default: text to stderr.
	Logger *slog.Logger
}

// NavLink leads to a page of the host's: URL is absolute, or a path as "/dashboard/admin/logs".
type NavLink struct{ Text, URL string }

func (l NavLink) check() error {
	u, err := url.Parse(l.URL)
	switch {
	case l.Text == "":
		return errors.New("Text is empty: want what the link says")
	case err != nil || l.URL == "" || u.Scheme != "" && u.Scheme != "http" && u.Scheme != "https":
		return fmt.Errorf("URL is %.60q: want a path, or an address with http or https", l.URL)
	}
	return nil
}

// settled is what is made of options once.
type settled struct {
	protection *http.CrossOriginProtection
	policy     string // of pages
	langs      *languages
}

func (o *Options) withDefaults() (out Options, made settled, err error) {
	if o != nil {
		out = *o
	}
	var errs []error
	if out.Authorize == nil {
		errs = append(errs, errors.New("Authorize is nil: want a function that says who asks and what they may do"))
	}
	if out.DefaultLang == "" {
		out.DefaultLang = "en"
	}
	var wrong []error
	made.langs, wrong = withCatalogs(out.Catalogs)
	errs = append(errs, wrong...)
	if len(wrong) == 0 && !slices.Contains(made.langs.tags, out.DefaultLang) {
		errs = append(errs, fmt.Errorf("DefaultLang is %.20q: want %s", out.DefaultLang, strings.Join(made.langs.tags, " or ")))
	}
	made.policy, wrong = pagePolicy(out.FrameAncestors)
	errs = append(errs, wrong...)
	if err := checkPublicPath(out.PublicPath); err != nil {
		errs = append(errs, err)
	}
	if _, known := ranges[out.DefaultRange]; !known && out.DefaultRange != "" {
		errs = append(errs, fmt.Errorf("DefaultRange is %.20q: want 15m, 1h, 6h, 24h, 7d, 30d or all", out.DefaultRange))
	}
	for i, l := range out.NavLinks {
		if err := l.check(); err != nil {
			errs = append(errs, fmt.Errorf("NavLinks[%d]: %w", i, err))
		}
	}
	out.NavLinks = slices.Clone(out.NavLinks)
	if err := checkAlerts(out.Alerts); err != nil {
		errs = append(errs, err)
	}
	out.Alerts = slices.Clone(out.Alerts)
	if out.QueryTimeout == 0 {
		out.QueryTimeout = DefaultQueryTimeout
	}
	if out.QueryTimeout < 0 {
		errs = append(errs, fmt.Errorf("QueryTimeout is %v: want 0 for the default of %v, or more", out.QueryTimeout, DefaultQueryTimeout))
	}
	if out.HeavyQueries == 0 {
		out.HeavyQueries = DefaultHeavyQueries
	}
	if out.HeavyQueries < 0 {
		errs = append(errs, fmt.Errorf("HeavyQueries is %d: want 0 for the default of %d, or more", out.HeavyQueries, DefaultHeavyQueries))
	}
	if out.MaxTails == 0 {
		out.MaxTails = DefaultMaxTails
	}
	if out.MaxTails < 0 {
		errs = append(errs, fmt.Errorf("MaxTails is %d: want 0 for the default of %d, or more", out.MaxTails, DefaultMaxTails))
	}
	if out.TailInterval == 0 {
		out.TailInterval = DefaultTailInterval
	}
	if out.ExportCap == 0 {
		out.ExportCap = DefaultExportCap
	}
	if out.ExportCap < 0 {
		errs = append(errs, fmt.Errorf("ExportCap is %d: want 0 for the default of %d, or more", out.ExportCap, DefaultExportCap))
	}
	if out.Mask.names == nil {
		out.Mask = DefaultMask()
	}
	if out.Erase.names == nil {
		out.Erase = DefaultErase()
	}
	if err := errors.Join(out.Mask.check("Mask"), out.Erase.check("Erase")); err != nil {
		errs = append(errs, err)
	}
	if out.Logger == nil {
		out.Logger = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	made.protection = http.NewCrossOriginProtection()
	for i, origin := range out.TrustedOrigins {
		if err := made.protection.AddTrustedOrigin(origin); err != nil {
			errs = append(errs, fmt.Errorf("TrustedOrigins[%d]: %w", i, err))
		}
	}
	if len(errs) > 0 {
		return out, made, fmt.Errorf("admin: invalid Options: %w", errors.Join(errs...))
	}
	return out, made, nil
}
