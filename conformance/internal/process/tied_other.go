//go:build !linux

package process

import "syscall"

// tied is nothing where only Linux can tie a child to its parent.
func tied() *syscall.SysProcAttr { return nil }
