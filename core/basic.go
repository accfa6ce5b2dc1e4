package core

import (
	"encoding/base64"
	"fmt"
	"sync"

	"github.com/glacis-waf/glacis/core/model"
	"github.com/glacis-waf/glacis/models/basic"
)

var basicCache struct {
	sync.Mutex
	model *model.Model
}

// basicModel decodes the embedded model, once per process.
func basicModel() (*model.Model, error) {
	basicCache.Lock()
	defer basicCache.Unlock()
	if basicCache.model == nil {
		data, err := base64.StdEncoding.DecodeString(basic.Model)
		if err != nil {
			return nil, fmt.Errorf("decode: %w", err)
		}
		m, err := model.Load(data)
		if err != nil {
			return nil, err
		}
		basicCache.model = m
	}
	return basicCache.model, nil
}
