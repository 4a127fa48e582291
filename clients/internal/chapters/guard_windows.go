package chapters

import (
	"os/exec"
	"sync"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Guard sees to it that no command outlives this program. What a process of a job starts
// belongs to the job too, so there is no moment when a child could be missed.
func Guard(*exec.Cmd) (end func(), err error) { return func() {}, joinJob() }

// OwnSession does nothing: there are no sessions of that kind.
func OwnSession(*exec.Cmd) {}

// Outlive lets a command that has not started yet outlive this program: it does not belong to the job.
func Outlive(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: windows.CREATE_BREAKAWAY_FROM_JOB}
}

// SignalAll ends the program, as Windows has no signals.
func (p *Process) SignalAll(syscall.Signal) error { return p.cmd.Process.Kill() }

// joinJob puts this program into a job whose only handle is its own. Windows closes the
// handle when the program ends, and kills what is left in the job.
var joinJob = sync.OnceValue(func() error {
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return err
	}
	var info windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION
	info.BasicLimitInformation.LimitFlags = windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | windows.JOB_OBJECT_LIMIT_BREAKAWAY_OK
	_, err = windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&info)), uint32(unsafe.Sizeof(info)))
	if err != nil {
		return err
	}
	return windows.AssignProcessToJobObject(job, windows.CurrentProcess())
})
