// Package archtest keeps the house as it is built: its tests read the import graph
// and the sizes of files. It holds nothing else.
package archtest
