"""Who a subscription is for: Recharge's customer, who is also a customer of the shop that it charges for."""

from commerce_sync.contracts import Person, SamePerson
from commerce_sync.intake.consents import moment_in_utc, received
from commerce_sync.intake.delivery import Delivery
from commerce_sync.intake.fields import identifier
from commerce_sync.intake.people import address_in, id_in
from commerce_sync.intake.recharge.shapes import Customer, Subscription, shop_id
from commerce_sync.intake.records import shaped_if_any


def subscriber_of(delivery: Delivery, subscription: Subscription) -> tuple[Person | None, tuple[SamePerson, ...]]:
    """The person, and who else they are: as their record says where it was fetched, else by the customer's id alone."""
    customer = shaped_if_any(delivery, "customer", Customer)
    if customer is not None:
        return person_of(customer), same_in_shop(delivery, customer)
    customer_id, email = id_in(subscription.customer_id), address_in(subscription.email)
    return (Person(customer_id=customer_id, email=email) if customer_id or email else None), ()


def person_of(customer: Customer) -> Person:
    """The person. Values stay raw: identity normalises emails and phones."""
    return Person(
        email=address_in(customer.email),
        phone=address_in(customer.phone),
        customer_id=identifier(customer.id, "customer.id"),
        first_name=address_in(customer.first_name),
        last_name=address_in(customer.last_name),
    )


def same_in_shop(delivery: Delivery, customer: Customer) -> tuple[SamePerson, ...]:
    """Recharge's word that its customer is one of the shop's, where stores.toml says which shop that is."""
    known_as = shop_id(customer.external_customer_id, customer.shopify_customer_id)
    stated_at = moment_in_utc(customer.updated_at) or received(delivery)
    if not (known_as and delivery.store.shop and stated_at):
        return ()
    return (
        SamePerson(
            source=delivery.source,
            store=delivery.store.id,
            records=(identifier(customer.id, "customer.id"),),
            elsewhere=((delivery.store.shop, known_as),),
            said_by="subscription_app",
            stated_at=stated_at,
        ),
    )
