//go:build !linux

package engine

import "errors"

func limitDescriptors(int, uint64) (restore func(), err error) { return nil, errors.ErrUnsupported }
