package syslogtest

import (
	"context"
	"time"

	"github.com/callastar/syslog"
)

// Histogram counts by time and level, as syslog.Logger.Histogram says.
func (s *Store) Histogram(ctx context.Context, f syslog.Filter, edges []time.Time) ([]syslog.LevelCounts, error) {
	found, err := s.find(background(ctx), f, syslog.Asc)
	if err != nil {
		return nil, err
	}
	counts := make([]syslog.LevelCounts, max(0, len(edges)-1))
	for _, l := range found {
		if i, ok := syslog.BucketOf(edges, l.CreatedAt); ok {
			counts[i].Add(l.Level, 1)
		}
	}
	return counts, nil
}

// Facets counts the values of a field, as syslog.Logger.Facets says.
func (s *Store) Facets(ctx context.Context, f syslog.Filter, q syslog.FacetQuery) (syslog.Facet, error) {
	found, err := s.find(background(ctx), f, syslog.Desc)
	if err != nil {
		return syslog.Facet{}, err
	}
	var values []syslog.FacetValue
	for _, l := range found[:min(len(found), syslog.FacetRows)] {
		values = append(values, syslog.FacetValue{Value: q.Field.Of(&l), Count: 1, Last: l.CreatedAt})
	}
	return syslog.NewFacet(q, values, len(found) > syslog.FacetRows), nil
}

// Size is how many bytes the texts of the events have.
func (s *Store) Size(ctx context.Context) (n int64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.usable(background(ctx)); err != nil {
		return 0, err
	}
	for _, l := range s.logs {
		n += int64(len(l.ID) + len(l.Type) + len(l.Actor) + len(l.ActorID) + len(l.Message) + len(l.Metadata))
	}
	return n, nil
}
