// Command scripts reads the events of `go test -json`. It prints how many tests
// passed, failed and were skipped, and fails if one failed or was skipped, or if
// there was none. With -failures it prints the output of failed tests instead.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	failures := flag.Bool("failures", false, "print the output of failed tests and packages")
	flag.Parse()
	t, err := count(flag.Arg(0))
	if err != nil {
		fmt.Println(err)
	}
	if *failures {
		fmt.Print(t.output())
	} else {
		for _, s := range t.skips {
			fmt.Println("skipped:", s)
		}
		fmt.Printf("%d passed, %d failed, %d skipped\n", t.passed, t.failed, len(t.skips))
	}
	if err != nil || !t.good() {
		os.Exit(1)
	}
}

func count(path string) (tally, error) {
	f, err := os.Open(path)
	if err != nil {
		return tally{}, err
	}
	defer func() { _ = f.Close() }()
	return read(f)
}
