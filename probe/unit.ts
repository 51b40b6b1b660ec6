/** A unit for systemd. */
import type { RecordOptions } from './options.ts';
import { NODE_FLAGS } from './small-heap.ts';

/** Where the token is, as only root may read it: systemd hands it to the service. */
const TOKEN_FILE = '/etc/plimsoll-record/token';

/**
 * @param program Node and the script, by their paths.
 * @param options Folder and token are the unit's own.
 */
export function unitOf([node = '', ...script]: readonly string[], options: RecordOptions): string {
  const command = [node, ...NODE_FLAGS, ...script, ...argumentsOf(options)].map(quoted).join(' ');
  return `# Save it as /etc/systemd/system/plimsoll-record.service, put the ingest token into ${TOKEN_FILE} (mode 600, root),
# then: systemctl daemon-reload && systemctl enable --now plimsoll-record
[Unit]
Description=Plimsoll probe: samples the memory of this host
After=network-online.target
Wants=network-online.target

[Service]
ExecStart=${command} --token-file \${CREDENTIALS_DIRECTORY}/token --folder \${STATE_DIRECTORY}
LoadCredential=token:${TOKEN_FILE}
DynamicUser=yes
StateDirectory=plimsoll-record
StateDirectoryMode=0700
Restart=always
RestartSec=10
TimeoutStopSec=20
MemoryMax=192M
MemorySwapMax=0
TasksMax=64
CPUQuota=20%
Nice=10
UMask=0077

# It reads /proc and its own files, writes its state, and makes requests: nothing else.
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
CapabilityBoundingSet=
AmbientCapabilities=
NoNewPrivileges=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`;
}

function argumentsOf(options: RecordOptions): string[] {
  const texts: readonly (readonly [option: string, values: readonly (string | number)[]])[] = [
    ['--pid', options.pids],
    ['--name', options.names],
    ['--allow', options.allow],
    ['--url', options.url === undefined ? [] : [options.url]],
    ['--host-id', options.hostId === undefined ? [] : [options.hostId]],
    ['--host-name', options.hostName === undefined ? [] : [options.hostName]],
    ['--label', Object.entries(options.labels).map(([key, value]) => `${key}=${value}`)],
    ['--every', [`${options.everyMs / 1000}s`]],
    ['--send-every', [`${options.sendEveryMs / 1000}s`]],
    ['--max-disk', [options.mostBytes / 1024 / 1024]],
  ];
  const flags = [options.self && '--self', options.tree && '--tree', options.plainHttp && '--plain-http'].filter(
    (flag) => flag !== false,
  );
  return [...flags, ...texts.flatMap(([option, values]) => values.flatMap((value) => [option, String(value)]))];
}

/** As systemd.service(5) reads a command: `%` and `$` are doubled, spaces and quotation marks are quoted. */
function quoted(word: string): string {
  const escaped = word
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('%', '%%')
    .replaceAll('$', () => '$$');
  return /^[\w@%+=:,./-]+$/.test(escaped) ? escaped : `"${escaped}"`;
}
