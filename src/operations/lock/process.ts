import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** A process, so named that no other one is taken for it, here or elsewhere. */
export interface ProcessIdentity {
  /** The name of its machine, for people. */
  readonly host: string;
  /** What numbers its processes: one life of a machine, or a container in it. Empty where that cannot be known. */
  readonly space: string;
  readonly pid: number;
  /** When it started, in the words of its machine: a number may be given to another process later. */
  readonly started: string;
}

/** The processes of this machine, as locks know them. */
export interface Processes {
  readonly self: ProcessIdentity;
  /** Whether a process is still there; undefined when that cannot be known from here. */
  exists(process: ProcessIdentity): boolean | undefined;
}

export function systemProcesses(): Processes {
  const self = { host: hostname(), space: processSpace(), pid: process.pid, started: startOf(process.pid) ?? "" };
  return {
    self,
    exists({ host, space, pid, started }) {
      if (self.space === "" || space !== self.space || host !== self.host) return undefined;
      if (!isInUse(pid)) return false;
      const since = startOf(pid);
      return since === undefined || started === "" ? undefined : since === started;
    },
  };
}

/** Whether any process has this number. */
function isInUse(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process is there, too.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Linux: this start of the kernel, and the PID namespace. macOS: this start of the system. Elsewhere nothing says it. */
function processSpace(): string {
  switch (process.platform) {
    case "linux":
      return linuxSpace();
    case "darwin":
      return run("sysctl", ["-n", "kern.bootsessionuuid"]);
    default:
      return "";
  }
}

function linuxSpace(): string {
  try {
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return "";
  }
}

/** When a process of this machine started; undefined where that is not for us to see. */
function startOf(pid: number): string | undefined {
  if (process.platform !== "linux") return run("ps", ["-o", "lstart=", "-p", String(pid)]) || undefined;
  try {
    // proc(5): the program's name stands in brackets and may hold spaces; `starttime` is the 20th field after it.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ");
    return fields?.[19];
  } catch {
    return undefined;
  }
}

/** What a program says; nothing where it is not there, or fails. */
function run(program: string, args: readonly string[]): string {
  try {
    const env = { ...process.env, LC_ALL: "C", TZ: "UTC" };
    return execFileSync(program, args, { encoding: "utf8", env, stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "";
  }
}
