"""CloudFormation itself.

- the types of mended/types are made, and a type that nobody knows fails the stack instead of being skipped
- `DeletionPolicy: Retain` and `RetainExceptOnCreate` are honoured when a resource leaves the template or its stack
- a change set that fails leaves a failed stack with the reason in its events; moto answers HTTP 500, which the CDK's
  SDK repeats, and then prints a green tick
- outputs are resolved after a change set; a missing change set is ChangeSetNotFound when described, and no error when deleted
- change sets go with their stack: moto finds them by name alone, and the CDK would wait for one of a stack that is gone
- a parameter of an SSM type keeps its value when it is passed on with UsePreviousValue
"""
import sys
import traceback

import moto.cloudformation.models as models
import moto.cloudformation.parsing as parsing
from moto.cloudformation.exceptions import CloudFormationError
from moto.core.common_models import CloudFormationModel

from .resource import TYPES, Resource

RETAINED = ("Retain", "RetainExceptOnCreate")


class ChangeSetNotFound(CloudFormationError):
    # moto reads the service from the module's name.
    __module__ = "moto.cloudformation.exceptions"
    code = "ChangeSetNotFound"


def mend() -> None:
    know_our_types()
    keep_what_is_retained()
    fail_in_the_open()
    find_change_sets()
    pass_on_parameters()


def know_our_types() -> None:
    # moto looks at direct subclasses of its base class only.
    parsing.get_model_list = lambda: [one for one in CloudFormationModel.__subclasses__() if one is not Resource] + TYPES
    find = parsing.resource_class_from_type

    def find_or_fail(resource_type):
        found = find(resource_type)
        if found is None:
            raise NotImplementedError(f"Nobody makes {resource_type} here: add it to mended/types.")
        return found

    parsing.resource_class_from_type = find_or_fail


def keep_what_is_retained() -> None:
    remove = parsing.ResourceMap._delete_resource

    def delete(self, parsed, declared):
        if declared.get("DeletionPolicy") not in RETAINED:
            remove(self, parsed, declared)

    parsing.ResourceMap._delete_resource = delete


def fail_in_the_open() -> None:
    execute = models.CloudFormationBackend.execute_change_set

    def execute_change_set(self, change_set_name, stack_name=None):
        change_set = self.describe_change_set(change_set_name)
        stack = self.stacks[change_set.stack_id]
        try:
            execute(self, change_set_name, stack_name)
        except Exception as error:  # noqa: BLE001  (whatever it is, it is the stack's failure)
            traceback.print_exc(file=sys.stderr)
            stack.status = (
                "ROLLBACK_COMPLETE" if change_set.change_set_type == "CREATE" else "UPDATE_ROLLBACK_COMPLETE"
            )
            stack._add_stack_event(stack.status, resource_status_reason=f"{type(error).__name__}: {error}")
            change_set.execution_status = "EXECUTE_FAILED"
            return
        stack._parse_template()
        stack.output_map = stack._create_output_map()

    models.CloudFormationBackend.execute_change_set = execute_change_set


def find_change_sets() -> None:
    describe = models.CloudFormationBackend.describe_change_set
    remove = models.CloudFormationBackend.delete_change_set

    def is_there(self, name):
        return name in self.change_sets or any(one.change_set_name == name for one in self.change_sets.values())

    def describe_change_set(self, change_set_name):
        if not is_there(self, change_set_name):
            raise ChangeSetNotFound(f"ChangeSet [{change_set_name}] does not exist")
        return describe(self, change_set_name)

    def delete_change_set(self, change_set_name):
        if is_there(self, change_set_name):
            remove(self, change_set_name)

    models.CloudFormationBackend.describe_change_set = describe_change_set
    models.CloudFormationBackend.delete_change_set = delete_change_set

    delete_stack = models.CloudFormationBackend.delete_stack

    def delete_stack_and_change_sets(self, name_or_stack_id):
        delete_stack(self, name_or_stack_id)
        self.change_sets = {arn: one for arn, one in self.change_sets.items() if one.stack_id in self.stacks}

    models.CloudFormationBackend.delete_stack = delete_stack_and_change_sets


def pass_on_parameters() -> None:
    resolve = parsing.ResourceMap.parse_ssm_parameter

    def parse_ssm_parameter(self, value, value_type):
        try:
            return resolve(self, value, value_type)
        except AttributeError:
            return value  # it was resolved before

    parsing.ResourceMap.parse_ssm_parameter = parse_ssm_parameter
