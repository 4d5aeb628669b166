// The Nu HTML checker: no error and no warning.

import { spawnSync } from "node:child_process";
import vnu from "vnu-jar";

/** Faults the Nu HTML checker finds in files. */
export function nu(files) {
  const run = spawnSync("java", ["-jar", vnu, "--format", "json", "--stdout", "--exit-zero-always", ...files], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (run.error || run.status !== 0) {
    return [{ file: files[0], judge: "Nu", message: `could not run: ${run.error ?? run.stderr}` }];
  }
  // Messages of the kind "info" without a subtype say nothing about the page.
  return JSON.parse(run.stdout)
    .messages.filter(({ type, subType }) => type !== "info" || subType === "warning")
    .map(({ url, lastLine, message }) => ({
      file: decodeURI((url ?? "").replace(/^file:/, "")),
      judge: "Nu",
      message: `line ${lastLine ?? "?"}: ${message}`,
    }));
}
