package report

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/shirou/gopsutil/v4/cpu"
)

// A Machine is where something has been measured. What Linux alone can tell, or does not
// tell everywhere, may be empty.
type Machine struct {
	OS      string `json:"os"`
	Kernel  string `json:"kernel,omitempty"`
	Arch    string `json:"arch"`
	CPU     string `json:"cpu,omitempty"`
	CPUs    int    `json:"cpus"`
	Virtual bool   `json:"virtual,omitempty"` // a guest, in which a system call or a wake-up may cost more
	// Mitigations are what the kernel does against flaws of the processor that is paid for at
	// each entry into the kernel, by the flaw's name.
	Mitigations map[string]string `json:"mitigations,omitempty"`
	Governor    string            `json:"governor,omitempty"` // who decides how fast the processor runs
	Go          string            `json:"go"`
}

// ThisMachine returns the one that the program runs on.
func ThisMachine() Machine {
	m := Machine{OS: runtime.GOOS, Arch: runtime.GOARCH, CPUs: runtime.NumCPU(), Go: runtime.Version()}
	if all, err := cpu.Info(); err == nil && len(all) > 0 {
		m.CPU, m.Virtual = all[0].ModelName, slices.Contains(all[0].Flags, "hypervisor")
	}
	m.Kernel = firstLine("/proc/sys/kernel/osrelease")
	m.Governor = firstLine("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
	m.Mitigations = mitigations("/sys/devices/system/cpu/vulnerabilities")
	return m
}

// firstLine returns the first line of a file, or nothing.
func firstLine(name string) string {
	text, _ := os.ReadFile(name)
	line, _, _ := strings.Cut(string(text), "\n")
	return line
}

func mitigations(dir string) map[string]string {
	found := map[string]string{}
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	for _, file := range files {
		if what, ok := strings.CutPrefix(firstLine(file), "Mitigation: "); ok {
			found[filepath.Base(file)] = what
		}
	}
	return found
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
	parts = append(parts, fmt.Sprint(m.CPUs, " CPUs"))
	if m.Virtual {
		parts = append(parts, "virtual")
	}
	return strings.Join(parts, ", ")
}

// details says what else is known about the machine, and what it means.
func (m Machine) details() string {
	var b strings.Builder
	if m.Kernel != "" {
		fmt.Fprintf(&b, "Kernel %s. ", m.Kernel)
	}
	if m.Virtual {
		b.WriteString("A virtual machine: a system call or a wake-up may cost more than on bare metal. ")
	}
	if m.Governor != "" {
		fmt.Fprintf(&b, "The processor's speed is set by the governor %s. ", m.Governor)
	}
	for _, flaw := range slices.Sorted(maps.Keys(m.Mitigations)) {
		fmt.Fprintf(&b, "Mitigation of %s: %s. ", flaw, m.Mitigations[flaw])
	}
	b.WriteString("Another machine has other microseconds; what travels is the ratio of two rows.")
	return b.String()
}
