package report

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
)

// A Machine is where something has been measured.
type Machine struct {
	OS   string `json:"os"`
	Arch string `json:"arch"`
	CPU  string `json:"cpu,omitempty"`
	CPUs int    `json:"cpus"`
	Go   string `json:"go"`
}

// ThisMachine returns the one that the program runs on.
func ThisMachine() Machine {
	return Machine{runtime.GOOS, runtime.GOARCH, cpuModel(), runtime.NumCPU(), runtime.Version()}
}

// cpuModel returns what Linux says about the processor.
func cpuModel() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(line, ":")
		if strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// Commit returns the commit of the workbook in a folder, and says so if the programs are
// not those of the commit.
func Commit(dir string) string {
	commit, err := git(dir, "rev-parse", "--short", "HEAD")
	if err != nil {
		return "unknown"
	}
	changes, err := git(dir, "status", "--porcelain", "--", "chapter*.go", "clients/*.go", "*go.mod", ":!*_test.go")
	if err != nil || changes != "" {
		commit += " with changes"
	}
	return commit
}

func git(dir string, args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}

// caption says in a line what the numbers belong to.
func (r *Report) caption() string {
	m := r.Machine
	parts := []string{r.Date.Format("2006-01-02"), "commit " + r.Commit, m.Go + " " + m.OS + "/" + m.Arch}
	if m.CPU != "" {
		parts = append(parts, m.CPU)
	}
	return strings.Join(append(parts, fmt.Sprint(m.CPUs, " CPUs")), ", ")
}
