package vars_test

import (
	"encoding/json"
	"expvar"
	"fmt"
	"sync"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/metrics/vars"
	"github.com/callastar/syslog/syslogtest"
	"github.com/stretchr/testify/require"
)

func published(t *testing.T, name string) (s syslog.Stats) {
	t.Helper()
	v := expvar.Get(name)
	require.NotNil(t, v)
	require.NoError(t, json.Unmarshal([]byte(v.String()), &s))
	return s
}

func TestPublish(t *testing.T) {
	t.Parallel()
	first, rec := syslogtest.New(t, nil)
	require.NoError(t, vars.Publish("test-publish", first))
	first.Info(t.Context(), "T", syslog.System(), "m")
	require.Len(t, rec.Logs(), 1)
	require.Equal(t, first.Stats(), published(t, "test-publish"))

	second, _ := syslogtest.New(t, nil)
	require.NoError(t, vars.Publish("test-publish", second))
	require.Zero(t, published(t, "test-publish").Produced)

	require.NoError(t, vars.Publish("test-publish", nil))
	require.Equal(t, syslog.Stats{}, published(t, "test-publish"))
}

func TestPublishLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	logger, _ := syslogtest.New(t, nil)
	before := expvar.Get("cmdline").String()
	require.ErrorIs(t, vars.Publish("cmdline", logger), vars.ErrNameTaken)
	require.ErrorContains(t, vars.Publish("cmdline", logger), `"cmdline"`)
	require.Equal(t, before, expvar.Get("cmdline").String())
}

func TestPublishAtOnce(t *testing.T) {
	t.Parallel()
	logger, _ := syslogtest.New(t, nil)
	var wg sync.WaitGroup
	for i := range 16 {
		name := fmt.Sprintf("test-at-once-%d", i%4)
		wg.Go(func() {
			for range 50 {
				if err := vars.Publish(name, logger); err != nil {
					t.Error(err)
				}
				logger.Info(t.Context(), "T", syslog.System(), "m")
				published(t, name)
			}
		})
	}
	wg.Wait()
}
