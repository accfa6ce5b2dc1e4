package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/glacis-waf/glacis/cmd/glacis/internal/pipeline"
	"github.com/glacis-waf/glacis/cmd/glacis/internal/progress"
	"github.com/glacis-waf/glacis/cmd/glacis/internal/request"
	"github.com/glacis-waf/glacis/core"
)

// inputFlags say how requests are read.
type inputFlags struct {
	format  string
	workers int
}

func (f *inputFlags) register(cmd *cobra.Command) {
	f.registerFormat(cmd)
	cmd.Flags().IntVar(&f.workers, "workers", runtime.GOMAXPROCS(0), "goroutines that inspect; the output keeps the input's order")
}

func (f *inputFlags) registerFormat(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.format, "format", request.Auto, "input format: "+strings.Join(request.Formats(), ", "))
	completeWith(cmd, "format", request.Formats()...)
}

// result is one request with its verdict, or a record that could not be read.
type result struct {
	request request.Request
	verdict core.Verdict
	// line is where the record begins.
	line int
	err  error
}

// reader inspects all requests of all inputs.
type reader struct {
	flags inputFlags
	files []string
	// engine inspects; nil only reads.
	engine *core.Engine
	stdin  io.Reader
	stderr io.Writer
	// malformed counts the records that could not be read.
	malformed int
}

// newReader checks flags and files before any work is done.
func newReader(cmd *cobra.Command, flags inputFlags, files []string) (*reader, error) {
	if flags.workers < 1 || flags.workers > 1024 {
		return nil, fmt.Errorf("--workers %d is not between 1 and 1024", flags.workers)
	}
	if _, err := request.Open(strings.NewReader(""), "", flags.format); err != nil {
		return nil, fmt.Errorf("--format: %w", err)
	}
	if len(files) == 0 {
		files = []string{"-"}
	}
	for _, file := range files {
		if err := checkFile(file); err != nil {
			return nil, err
		}
	}
	return &reader{flags: flags, files: files, stdin: cmd.InOrStdin(), stderr: cmd.ErrOrStderr()}, nil
}

// each calls use for every request of the files in order; no file, or "-", is
// standard input. Records that cannot be read are reported and counted; the
// error is then a malformedError. An error of use ends the reading and is
// returned.
func (r *reader) each(ctx context.Context, use func(file string, res *result) error) error {
	bar := progress.New(r.stderr, r.files)
	defer bar.Done()
	for _, file := range r.files {
		if err := r.file(ctx, file, bar, use); err != nil {
			return err
		}
	}
	bar.Done()
	if r.malformed > 0 {
		return malformedError{r.malformed}
	}
	return nil
}

// checkFile says early what would make a long run fail late.
func checkFile(file string) error {
	if file == "-" {
		return nil
	}
	info, err := os.Stat(file)
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%s is a directory", file)
	}
	return err
}

func (r *reader) file(ctx context.Context, file string, bar *progress.Bar, use func(string, *result) error) error {
	in, name := r.stdin, "stdin"
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		defer f.Close()
		in, name = f, file
	}
	source, err := request.Open(bar.Reader(in), name, r.flags.format)
	if err != nil {
		return fmt.Errorf("--format: %w", err)
	}
	newWorker := func() func(request.Frame) []result {
		return func(f request.Frame) []result { return inspectFrame(r.engine, source, f) }
	}
	for results := range pipeline.Ordered(ctx, r.flags.workers, source.Frames(), newWorker) {
		for i := range results {
			if results[i].err != nil {
				r.malformed++
				r.report(bar, fmt.Errorf("%s:%d: %w", name, results[i].line, results[i].err))
			} else if err := use(file, &results[i]); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// inspectFrame decodes a frame and inspects its requests.
func inspectFrame(engine *core.Engine, source *request.Source, f request.Frame) []result {
	requests, err := source.Decode(f, nil)
	results := make([]result, 0, len(requests)+1)
	for i := range requests {
		res := result{request: requests[i], line: f.Line}
		if engine != nil {
			res.verdict = engine.Inspect(&requests[i].HTTP)
		}
		results = append(results, res)
	}
	if err != nil {
		results = append(results, result{line: f.Line, err: err})
	}
	return results
}

// report prints a message without spoiling the progress bar.
func (r *reader) report(bar *progress.Bar, err error) {
	bar.Clear()
	fmt.Fprintln(r.stderr, err)
}
