package quickstart

import (
	"errors"
	"fmt"
	"strings"
)

// Block is a fenced block of shell commands and what the reader is told to
// expect from them.
type Block struct {
	// Line is where the commands begin, counted from 1.
	Line int
	// Commands are the lines between the fences, of a block marked "sh".
	Commands string
	// Expected is the block marked "text" behind it, before the next commands;
	// "" if there is none. See Match.
	Expected string
}

// Blocks takes the commands out of a Markdown document. Blocks in other
// languages are for reading only.
func Blocks(markdown string) ([]Block, error) {
	var blocks []Block
	var fence *strings.Builder // of the open block
	language, begin := "", 0
	for i, line := range strings.Split(markdown, "\n") {
		mark, isFence := strings.CutPrefix(line, "```")
		switch {
		case isFence && fence == nil:
			fence, language, begin = &strings.Builder{}, mark, i+2
		case isFence && mark != "":
			return nil, fmt.Errorf("line %d: a block begins inside the one of line %d", i+1, begin-1)
		case isFence:
			if err := add(&blocks, language, begin, fence.String()); err != nil {
				return nil, err
			}
			fence = nil
		case fence != nil:
			fence.WriteString(line + "\n")
		}
	}
	if fence != nil {
		return nil, fmt.Errorf("line %d: the block does not end", begin-1)
	}
	if len(blocks) == 0 {
		return nil, errors.New("no block of commands")
	}
	return blocks, nil
}

// add appends a block of commands or completes the last one.
func add(blocks *[]Block, language string, line int, text string) error {
	switch language {
	case "sh":
		*blocks = append(*blocks, Block{Line: line, Commands: text})
	case "text":
		last := len(*blocks) - 1
		if last < 0 || (*blocks)[last].Expected != "" {
			return fmt.Errorf("line %d: no commands before this text", line)
		}
		(*blocks)[last].Expected = text
	case "":
		return fmt.Errorf("line %d: a block without a language: sh is run, text is expected", line)
	}
	return nil
}
