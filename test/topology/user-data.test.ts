import { describe, expect, it } from "vitest";
import { imageParameter } from "../../src/topology/nodes/image-parameter.ts";
import { type Boot, userData } from "../../src/topology/nodes/user-data/index.ts";
import { toml } from "../../src/topology/nodes/user-data/toml.ts";

const managed: Boot = { cluster: "demo", joins: false };
const own: Boot = { cluster: "demo", joins: true };

describe("Amazon Linux 2023", () => {
  it("is told nothing where EKS says it all", () => {
    expect(userData("AmazonLinux2023", managed)).toBeUndefined();
    expect(userData("AmazonLinux2023", { ...managed, maxPodsPerNode: 0 })).toBeUndefined();
  });

  it("runs scripts first, and takes documents for nodeadm", () => {
    const override = "apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec: {}\n";
    const boot = { ...managed, preBootstrapCommands: ["date", "#!/bin/sh\nid"], maxPodsPerNode: 20 };
    expect(userData("AmazonLinux2023", { ...boot, overrideBootstrapCommand: override })).toBe(
      `MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="//"

--//
Content-Type: text/x-shellscript; charset="us-ascii"

#!/bin/bash
date

--//
Content-Type: text/x-shellscript; charset="us-ascii"

#!/bin/sh
id

--//
Content-Type: application/node.eks.aws

{
  "apiVersion": "node.eks.aws/v1alpha1",
  "kind": "NodeConfig",
  "spec": {
    "kubelet": {
      "config": {
        "maxPods": 20
      }
    }
  }
}

--//
Content-Type: application/node.eks.aws

apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec: {}

--//--
`,
    );
  });

  it("is told its cluster, labels and taints where nobody else does it", () => {
    const kubelet = {
      labels: { tier: "web", "a.b/c": "d" },
      taints: [{ key: "k", value: "v", effect: "NoSchedule" }],
      config: { evictionHard: { "memory.available": "5%" } },
    };
    const text = userData("AmazonLinux2023", { ...own, kubelet }) ?? "";
    const { spec } = JSON.parse(/\{[^]*\}/.exec(text)?.[0] ?? "") as { spec: unknown };
    expect(spec).toEqual({
      cluster: {
        name: "demo",
        apiServerEndpoint: "{{cluster.endpoint}}",
        certificateAuthority: "{{cluster.certificateAuthority}}",
        cidr: "{{cluster.serviceCidr}}",
      },
      kubelet: {
        config: kubelet.config,
        flags: ["--node-labels=a.b/c=d,tier=web", "--register-with-taints=k=v:NoSchedule"],
      },
    });
  });
});

describe("Bottlerocket", () => {
  it("is told nothing where EKS says it all", () => {
    expect(userData("Bottlerocket", managed)).toBeUndefined();
    expect(userData("Bottlerocket", { ...managed, settings: { kernel: {} } })).toBeUndefined();
  });

  it("joins the file's settings with its own", () => {
    const settings = { motd: 'say "hi"', kubernetes: { "allowed-unsafe-sysctls": ["net.core.somaxconn"] } };
    expect(userData("BottlerocketFips", { ...managed, settings, maxPodsPerNode: 58, adminContainer: true })).toBe(
      `[settings]
motd = "say \\"hi\\""
[settings.kubernetes]
allowed-unsafe-sysctls = ["net.core.somaxconn"]
max-pods = 58
[settings.host-containers.admin]
enabled = true
`,
    );
  });

  it("is told its cluster where nobody else does it", () => {
    const text = userData("Bottlerocket", { ...own, kubelet: { taints: [{ key: "k", effect: "NoExecute" }] } });
    expect(text).toContain('api-server = "{{cluster.endpoint}}"');
    expect(text).toContain('[settings.kubernetes.node-taints]\nk = [":NoExecute"]');
  });

  it("quotes keys that are not bare", () => {
    expect(toml({ a: { "b.c": 1, "": null, d: [{ e: true }] } })).toBe('[a]\n"b.c" = 1\nd = [{ e = true }]\n');
  });
});

describe("Amazon Linux 2", () => {
  it("is told nothing where EKS says it all, and its number of pods before EKS's script runs", () => {
    expect(userData("AmazonLinux2", managed)).toBeUndefined();
    const text = userData("AmazonLinux2", { ...managed, preBootstrapCommands: ["date"], maxPodsPerNode: 20 });
    expect(text).toContain("#!/bin/bash\ndate\n");
    expect(text).toContain(`sed -i 's/^USE_MAX_PODS=.*/USE_MAX_PODS="false"/' /etc/eks/bootstrap.sh`);
    expect(text).toContain("jq '.maxPods = 20' /etc/kubernetes/kubelet/kubelet-config.json");
  });

  it("joins by its script where nobody else sees to it, and takes more of the kubelet's configuration", () => {
    const kubelet = { labels: { a: "b" }, config: { evictionHard: { "memory.available": "5%" } } };
    expect(userData("AmazonLinux2", { ...own, kubelet })).toContain(
      [
        "/etc/eks/bootstrap.sh 'demo' --apiserver-endpoint '{{cluster.endpoint}}' " +
          "--b64-cluster-ca '{{cluster.certificateAuthority}}' --dns-cluster-ip '{{cluster.dns}}' " +
          "--kubelet-extra-args '--node-labels=a=b'",
        `echo "$(jq '. * {"evictionHard":{"memory.available":"5%"}}' /etc/kubernetes/kubelet/kubelet-config.json)" > /etc/kubernetes/kubelet/kubelet-config.json`,
        "systemctl restart kubelet",
      ].join("\n"),
    );
    expect(userData("Ubuntu2404", { ...own, kubelet })).toContain("snap restart kubelet-eks");
  });
});

describe("Ubuntu and Windows", () => {
  it("Ubuntu's own script lets it join, or the file's with what it needs", () => {
    expect(userData("Ubuntu2404", { ...own, maxPodsPerNode: 30 })).toContain(
      "/etc/eks/bootstrap.sh 'demo' --apiserver-endpoint '{{cluster.endpoint}}' " +
        "--b64-cluster-ca '{{cluster.certificateAuthority}}' --dns-cluster-ip '{{cluster.dns}}' " +
        "--use-max-pods false --kubelet-extra-args '--max-pods=30'",
    );
    const text = userData("Ubuntu2404", { ...own, overrideBootstrapCommand: "join" });
    expect(text).toContain("#!/bin/bash\njoin");
    expect(text).toContain("export CLUSTER_NAME='demo'");
    expect(text).not.toContain("/etc/eks/bootstrap.sh");
  });

  it("Windows runs PowerShell, and joins by its script where EKS does not see to it", () => {
    expect(userData("WindowsServer2022CoreContainer", managed)).toBeUndefined();
    expect(userData("WindowsServer2022CoreContainer", { ...managed, preBootstrapCommands: ["Get-Date"] })).toBe(
      "<powershell>\nGet-Date\n</powershell>\n",
    );
    expect(userData("WindowsServer2022CoreContainer", own)).toContain("& $EKSBootstrapScriptFile -EKSClusterName");
  });
});

describe("the parameter that names an image", () => {
  const plain = { architecture: "x86_64", accelerator: "none" } as const;
  it.each([
    ["AmazonLinux2023", "/aws/service/eks/optimized-ami/1.34/amazon-linux-2023/x86_64/standard/recommended/image_id"],
    ["AmazonLinux2", "/aws/service/eks/optimized-ami/1.34/amazon-linux-2/recommended/image_id"],
    ["BottlerocketFips", "/aws/service/bottlerocket/aws-k8s-1.34-fips/x86_64/latest/image_id"],
    [
      "WindowsServer2022CoreContainer",
      "/aws/service/ami-windows-latest/Windows_Server-2022-English-Core-EKS_Optimized-1.34/image_id",
    ],
    ["UbuntuPro2204", "/aws/service/canonical/ubuntu/eks-pro/22.04/1.34/stable/current/amd64/hvm/ebs-gp2/ami-id"],
  ])("of %s", (family, parameter) => {
    expect(imageParameter(family, "1.34", plain)).toBe(parameter);
  });
});
