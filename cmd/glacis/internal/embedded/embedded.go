// Package embedded holds the model that was put into the program when it was
// built, if one was: "make build MODEL=file" has the compiler read that file in
// the place of the empty one here.
package embedded

import (
	_ "embed" // the archive
	"fmt"
	"sync"

	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/models"
)

// Archive is the model archive; empty if none was put in, which leaves the basic
// model of the engine.
//
//go:embed model.tgz
var Archive []byte

// Open checks the archive, once, and returns its model; nil if there is none.
func Open() (*model.Model, *models.Report, error) {
	once.Do(func() { opened.model, opened.report, opened.err = check(Archive) })
	return opened.model, opened.report, opened.err
}

var (
	once   sync.Once
	opened struct {
		model  *model.Model
		report *models.Report
		err    error
	}
)

func check(archive []byte) (*model.Model, *models.Report, error) {
	if len(archive) == 0 {
		return nil, nil, nil
	}
	m, r, err := models.Check(archive)
	if err != nil {
		return nil, nil, fmt.Errorf("model put in at build time: %w", err)
	}
	return m, r, nil
}
