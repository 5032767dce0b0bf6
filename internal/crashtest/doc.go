// Package crashtest shows with real processes, databases and disks what the logger
// promises about outages and the end of its process. It holds nothing but tests.
package crashtest
