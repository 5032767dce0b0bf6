package syslog

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNoNameOfASinkLeadsToAnothersDirectory(t *testing.T) {
	long := strings.Repeat("x", 200)
	short := strings.TrimPrefix(folderOf(long), folderOfSink)
	require.NotEqual(t, folderOf(long), folderOf(short))
}
