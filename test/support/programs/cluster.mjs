import { Agent, request } from "node:https";
import { readFileSync } from "node:fs";

/** Asks the Kubernetes API of a kubeconfig that is written in JSON; undefined for what is not there, or is there already. */
export function clusterOf(kubeconfig) {
  const { clusters, users } = JSON.parse(readFileSync(kubeconfig, "utf8"));
  const { server, "certificate-authority-data": authority } = clusters[0].cluster;
  const agent = new Agent({ ca: Buffer.from(authority, "base64") });
  return (method, path, body) => {
    const headers = { authorization: `Bearer ${users[0].user.token}`, "content-type": "application/json" };
    return new Promise((resolve, reject) => {
      const sending = request(server + path, { method, agent, headers }, async (response) => {
        let text = "";
        for await (const chunk of response) text += chunk;
        if (response.statusCode === 404 || response.statusCode === 409) resolve(undefined);
        else if (response.statusCode < 300) resolve(JSON.parse(text || "{}"));
        else reject(new Error(`${method} ${path}: ${response.statusCode} ${text}`));
      });
      sending.on("error", reject);
      sending.end(body && JSON.stringify(body));
    });
  };
}
