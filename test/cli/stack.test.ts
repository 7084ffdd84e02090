import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.js';
import { sandboxOf, writes } from '../support/bridge.js';
import { lbbridge, lbbridgeJson } from '../support/cli.js';
import { parametersOf, smallTemplate } from '../support/template.js';

/** Virtual time so fast that minutes of AWS's pass between two looks. */
const fast = { speed: 2000, knobs: { 'cfn.linkReleaseSeconds': 0 } };

function folderOf(sandbox: Sandbox, parameters: ReadonlyMap<string, string> = parametersOf(sandbox)): string {
  const folder = mkdtempSync(join(tmpdir(), 'lbbridge-stack-'));
  const list = [...parameters].map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
  writeFileSync(join(folder, 'template.yaml'), JSON.stringify(smallTemplate()));
  writeFileSync(join(folder, 'parameters.json'), JSON.stringify(list));
  return folder;
}

describe('lbbridge stack', () => {
  test('deploys, shows and destroys, each with a document that its schema describes', async () => {
    const sandbox = await sandboxOf(fast);
    const env = { ...sandbox.environment };
    const from = folderOf(sandbox);
    const deployed = await lbbridgeJson(['stack', 'deploy', 'edge', '--from', from, '--yes'], { env });
    expect([deployed.status, deployed.document.command]).toEqual([0, 'stack deploy']);
    expect(deployed.document.result).toMatchObject({ stackName: 'edge', stackStatus: 'CREATE_COMPLETE' });
    expect(deployed.stderr).toBe('');

    const shown = await lbbridge(['stack', 'status', 'edge'], { env });
    expect(shown.stdout).toMatch(/^edge {2}CREATE_COMPLETE\n/);
    expect(shown.stdout).toContain('Outputs');
    const status = await lbbridgeJson(['stack', 'status', 'edge'], { env });
    expect(status.document.result.bridges[0].targetGroup).toContain('edge-Targets');

    const other = await lbbridgeJson(['stack', 'destroy', 'edge', '--confirm', 'egde'], { env });
    expect([other.status, other.document.error.rule]).toEqual([3, 'S13']);
    const nobody = await lbbridgeJson(['stack', 'destroy', 'edge'], { env });
    expect([nobody.status, nobody.document.error.code]).toEqual([64, 'ConfirmationNeeded']);
    const destroyed = await lbbridgeJson(['stack', 'destroy', 'edge', '--confirm', 'edge'], { env });
    expect([destroyed.status, destroyed.document.result.left]).toEqual([0, []]);
    expect((await lbbridgeJson(['stack', 'destroy', 'edge', '--confirm', 'edge'], { env })).status).toBe(1);
  });

  test('in words: the plan and the events on stderr, the outcome on stdout; --quiet says only that', async () => {
    const sandbox = await sandboxOf(fast);
    const env = { ...sandbox.environment };
    const words = ['stack', 'deploy', 'edge', '--from', folderOf(sandbox), '--yes'];
    const dry = await lbbridge([...words, '--dry-run'], { env });
    expect(dry.stdout).toContain('  + Nlb               AWS::ElasticLoadBalancingV2::LoadBalancer');
    expect(dry.stdout).toContain('Plan: 9 to add, 0 to change, 0 to remove.');
    const done = await lbbridge(words, { env });
    expect(done.status).toBe(0);
    expect(done.stderr).toContain('Plan: 9 to add');
    expect(done.stderr).toMatch(/^ +\d+s {2}edge {2}CREATE_COMPLETE$/m);
    expect(done.stdout).toContain('Next: lbbridge stack status edge');
    const same = await lbbridge(words, { env });
    expect(same).toMatchObject({ status: 0, stdout: 'No changes. The stack edge is as the template wants it.\n' });
    expect(await lbbridge([...words, '--quiet'], { env })).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('what is not said right is a usage error before AWS is asked for anything', async () => {
    const sandbox = await sandboxOf(fast);
    const env = { ...sandbox.environment };
    const from = folderOf(sandbox);
    const deploy = (...more: string[]) => lbbridgeJson(['stack', 'deploy', ...more], { env });
    const codes = [
      await deploy('9edge', '--from', from),
      await deploy('edge_1', '--from', from),
      await deploy('edge', '--from', join(from, 'nowhere')),
      await deploy('edge', '--from', from, '--yes', '--parameter', 'VpcID=vpc-1'),
      await deploy('edge', '--from', from, '--yes', '--parameter', 'VpcId'),
      await deploy('edge', '--from', folderOf(sandbox, new Map([['VpcId', 'vpc-1']])), '--yes'),
      await deploy('edge', '--from', from),
    ];
    expect(codes.map(({ status, document }) => [status, document.error.code])).toEqual([
      [64, 'InvalidStackName'],
      [64, 'InvalidStackName'],
      [64, 'StackFileUnreadable'],
      [64, 'UnknownParameter'],
      [64, 'InvalidParameter'],
      [64, 'ParameterMissing'],
      [64, 'ConfirmationNeeded'],
    ]);
    expect(codes[3]?.document.error.suggestions[0]).toBe('Did you mean VpcId?');
    expect(sandbox.journal.actions()).toEqual([]);
  });

  test('--yes alone does not do for an outage, of any kind: nothing is changed, and no change set is left', async () => {
    const sandbox = await sandboxOf(fast);
    const env = { ...sandbox.environment };
    const from = folderOf(sandbox);
    const deploy = (...more: string[]) => lbbridgeJson(['stack', 'deploy', 'edge', '--from', from, ...more], { env });
    expect((await deploy('--yes')).status).toBe(0);
    for (const more of [{ groupPort: 8080 }, { nlbScheme: 'internet-facing' }, { listenerPort: 8080 }]) {
      writeFileSync(join(from, 'template.yaml'), JSON.stringify(smallTemplate(more)));
      const { status, document } = await deploy('--yes');
      expect([status, document.error.suggestions[0]]).toEqual([
        64,
        'This change is an outage. Say the name: --confirm edge',
      ]);
      expect(writes(sandbox).at(-1)).toBe('DeleteChangeSet');
    }
    expect([(await deploy('--yes', '--confirm', 'edje')).status, writes(sandbox).at(-1)]).toEqual([
      3,
      'DeleteChangeSet',
    ]);
    const said = await deploy('--confirm', 'edge');
    expect([said.status, said.document.result.stackStatus]).toEqual([0, 'UPDATE_COMPLETE']);
  });

  test('an interruption tells that AWS goes on, and ends with 130', async () => {
    const sandbox = await sandboxOf({ speed: 20 });
    const env = { ...sandbox.environment };
    const words = ['stack', 'deploy', 'edge', '--from', folderOf(sandbox), '--yes'];
    const ran = await lbbridge(words, {
      env,
      onStart: (child) => {
        child.stderr?.on('data', (text: string) => {
          if (text.includes('Nlb  CREATE_IN_PROGRESS')) child.kill('SIGINT');
        });
      },
    });
    expect(ran.status).toBe(130);
    expect(ran.stderr).toContain('AWS goes on with edge by itself: lbbridge stack status edge');
  });
});
