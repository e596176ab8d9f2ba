"""A resource type made of three calls: make, change, remove."""
from botocore.exceptions import ClientError
from moto.cloudformation.exceptions import UnformattedGetAttTemplateException
from moto.core.common_models import CloudFormationModel


class Resource(CloudFormationModel):
    ATTRIBUTES: tuple = ()
    # A change of one of these makes a new resource, then removes the old one.
    REPLACED_ON: tuple = ()

    def __init__(self, physical_id, properties, attributes):
        self.physical_id, self.properties, self.attributes = physical_id, properties, attributes

    @property
    def physical_resource_id(self):
        return self.physical_id

    def get_cfn_attribute(self, name):
        if name not in self.attributes:
            raise UnformattedGetAttTemplateException()
        return self.attributes[name]

    @classmethod
    def has_cfn_attr(cls, attr):
        return attr in cls.ATTRIBUTES

    @staticmethod
    def cloudformation_name_type():
        return ""

    @classmethod
    def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **about):
        properties = cloudformation_json.get("Properties") or {}
        physical_id, attributes = cls.make(properties, region_name, resource_name, about)
        return cls(physical_id, properties, attributes)

    @classmethod
    def update_from_cloudformation_json(
        cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
    ):
        old, properties = original_resource, cloudformation_json.get("Properties") or {}
        if old.properties == properties:
            return old
        if any(old.properties.get(name) != properties.get(name) for name in cls.REPLACED_ON):
            physical_id, attributes = cls.make(properties, region_name, new_resource_name, {})
            old.delete(account_id, region_name)
            return cls(physical_id, properties, attributes)
        cls.change(old.physical_id, old.properties, properties, region_name)
        old.properties = properties
        return old

    def delete(self, account_id, region_name):
        try:
            self.remove(self.physical_id, self.properties, region_name)
        except ClientError as error:
            # A stack is removed in no particular order here: a group takes its schedules along, a topic its subscriptions.
            if "NotFound" not in error.response["Error"]["Code"]:
                raise

    @classmethod
    def change(cls, physical_id, old, new, region):
        """By default a resource is made anew over the old one: most calls replace what is there."""
        cls.make(new, region, physical_id, {})

    @classmethod
    def remove(cls, physical_id, properties, region):
        """Nothing to remove where the resource is a property of another one, which goes too."""


TYPES: list = []


def resource_type(name, attributes=(), replaced_on=()):
    def register(cls):
        cls.ATTRIBUTES, cls.REPLACED_ON = tuple(attributes), tuple(replaced_on)
        cls.cloudformation_type = staticmethod(lambda: name)
        TYPES.append(cls)
        return cls

    return register


def picked(properties, *names):
    return {name: properties[name] for name in names if name in properties}


def whole_numbers(properties, *names):
    """CloudFormation passes numbers on as text where a template wrote them so; the SDK wants numbers."""
    return {**properties, **{name: int(properties[name]) for name in names if name in properties}}
