// Command count reads the events of `go test -json`. It prints how many tests
// passed, failed and were skipped, and fails if one failed or was skipped, or if
// there was none. With -failures it prints the output of failed tests instead.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
)

type event struct{ Action, Package, Test, Output string }

func main() {
	failures := flag.Bool("failures", false, "print the output of failed tests and packages")
	flag.Parse()
	f, err := os.Open(flag.Arg(0))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer func() { _ = f.Close() }()
	count := map[string]int{}
	output := map[string]string{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			continue
		}
		key := e.Package + " " + e.Test
		switch e.Action {
		case "output", "build-output":
			output[key] += e.Output
		case "pass", "fail", "skip":
			// A package without tests is "skipped", too; that is no test.
			if e.Test != "" {
				count[e.Action]++
			} else if e.Action == "fail" {
				count["fail"]++
			}
			if e.Action == "skip" && e.Test != "" && !*failures {
				fmt.Println("skipped:", key)
			}
			if e.Action == "fail" && *failures {
				fmt.Println(output[key])
			}
			delete(output, key)
		}
	}
	if *failures {
		for key, text := range output { // what never ended, as a build that failed
			if count["fail"] > 0 && len(text) < 20_000 {
				fmt.Println(key, text)
			}
		}
		return
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", count["pass"], count["fail"], count["skip"])
	if count["pass"] == 0 || count["fail"] > 0 || count["skip"] > 0 {
		os.Exit(1)
	}
}
