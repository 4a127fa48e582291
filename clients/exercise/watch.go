package main

import (
	"context"
	"errors"
)

func (a *app) watch(ctx context.Context, o options) error    { return errors.New("soon") }
func (a *app) solution(ctx context.Context, o options) error { return errors.New("soon") }
