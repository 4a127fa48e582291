//go:build !linux

package lab

import "errors"

func (w *sampler) figures(pid int, addr string) Figures {
	return Figures{None: "no figures: they come from Linux's /proc, which this system doesn't have"}
}

func limitDescriptors(pid, more int) error {
	return errors.New("only Linux can change the limit of a process that runs")
}
