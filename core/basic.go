package core

import "github.com/glacis-waf/glacis/core/model"

func basicModel() (*model.Model, error) { return &model.Model{}, nil }
