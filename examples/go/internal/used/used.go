// Package used tells what the process took so far.
package used

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"
)

// Processor returns the processor time of the whole process.
func Processor() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// Peak returns the most memory the process ever held, in KiB; rusage would count that of who started it, too.
func Peak() int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		panic(err)
	}
	var kib int
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	if _, err := fmt.Sscan(after, &kib); err != nil {
		panic(err)
	}
	return kib
}
