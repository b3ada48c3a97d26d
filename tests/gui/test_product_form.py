from __future__ import annotations

import pytest

from kiosk.domain import Price, Product
from kiosk.gui.products.form import (
    FormProblem,
    ProductForm,
    check_form,
    form_of,
    product_of,
    shown_price,
)


def test_an_empty_form_lacks_name_and_price() -> None:
    problems = check_form(ProductForm(), "TWD")
    assert (problems.name, problems.price) == (FormProblem.MISSING, FormProblem.MISSING)


def test_a_price_that_is_none_is_said_to_be_none() -> None:
    assert check_form(ProductForm("Tea", "cheap"), "TWD").price is FormProblem.NOT_A_PRICE


def test_a_whole_form_has_no_problem() -> None:
    assert not check_form(ProductForm("Tea", "NT$ 3,200"), "TWD").any


def test_a_name_of_a_thousand_letters_is_too_long() -> None:
    assert check_form(ProductForm("x" * 1000, "1"), "TWD").name is FormProblem.TOO_LONG


@pytest.mark.parametrize(
    "price",
    [
        Price(1299, "EUR"),
        Price(320000, "TWD"),
        Price(45000, "VND"),
        Price(5, "USD"),
        Price(1500, "KWD"),
    ],
)
def test_a_product_survives_being_edited_untouched(price: Price) -> None:
    product = Product("A", "Tea", price, "Drinks", "Good.", "4006381333931", False, {"shelf": "3"})
    assert product_of(form_of(product), price.currency, product) == product


def test_spaces_around_and_within_a_name_are_tidied() -> None:
    assert product_of(ProductForm("  Green \t tea ", "5"), "EUR").name == "Green tea"


def test_the_price_is_previewed_as_customers_will_see_it() -> None:
    assert shown_price("3200", "TWD") == "NT$ 3,200"
    assert shown_price("3200 or so", "TWD") == ""
