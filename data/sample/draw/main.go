// Command draw draws the sample park: streets first, then the blocks between them, then the plots of each block, and
// writes one document that the sample package embeds. It reads nothing and always writes the same bytes.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
)

func main() {
	out := flag.String("out", "lingang.json", "file to write")
	flag.Parse()
	var b bytes.Buffer
	if err := write(&b, compose()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := os.WriteFile(*out, b.Bytes(), 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
