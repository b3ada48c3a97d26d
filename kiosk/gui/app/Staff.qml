pragma ComponentBehavior: Bound
import QtQuick
import Shelflens
import "../enrol"
import "../health"
import "../products"
import "../settings"
import "../setup"
import "../transfer"
import "../widgets"

// The screens behind the PIN.
Rectangle {
    id: screen
    property bool portrait: false
    property bool cramped: false
    readonly property string page: Kiosk.app.page
    color: Theme.paper

    Item {
        id: bar
        anchors { left: parent.left; right: parent.right; top: parent.top }
        height: 84
        StepBar {
            visible: Kiosk.setup.guides
            anchors.fill: parent
            portrait: screen.portrait
            leavable: !Kiosk.setup.tried
        }
        Row {
            id: tabs
            visible: !Kiosk.setup.guides
            anchors { left: parent.left; leftMargin: screen.portrait ? 14 : 28; verticalCenter: parent.verticalCenter }
            Repeater {
                model: [
                    { page: "enrol", text: qsTr("Enrol") },
                    { page: "products", text: qsTr("Products") },
                    { page: "transfer", text: qsTr("Import") },
                    { page: "health", text: qsTr("Health") },
                    { page: "settings", text: qsTr("Settings") }
                ]
                Pressable {
                    id: tab
                    required property var modelData
                    readonly property bool on: modelData.page === screen.page
                    objectName: "tab-" + modelData.page
                    width: screen.portrait ? (screen.width - 28 - Theme.touch) / 5 : words.implicitWidth + 40
                    height: bar.height
                    label: modelData.text
                    Accessible.role: Accessible.PageTab
                    onClicked: Kiosk.app.turnPage(modelData.page)
                    Label {
                        id: words
                        anchors.centerIn: parent
                        width: Math.min(implicitWidth, parent.width - 8)
                        text: tab.modelData.text
                        font.pixelSize: screen.portrait ? 20 : 24
                        font.weight: tab.on ? Font.Bold : Font.Medium
                        color: tab.on ? Theme.ink : Theme.mute
                        fontSizeMode: Text.HorizontalFit
                        minimumPixelSize: 14
                    }
                    Rectangle {
                        visible: tab.modelData.page === "health" && Kiosk.app.fault !== ""
                        anchors { left: words.right; leftMargin: 4; bottom: words.top; bottomMargin: -12 }
                        width: 12
                        height: 12
                        radius: 6
                        color: Theme.brick
                    }
                    Rectangle {
                        visible: tab.on
                        anchors { horizontalCenter: parent.horizontalCenter; bottom: parent.bottom; bottomMargin: 14 }
                        width: words.width
                        height: 5
                        radius: 2.5
                        color: Theme.leaf
                    }
                }
            }
        }
        IconButton {
            objectName: "leaveStaff"
            visible: screen.portrait && !Kiosk.setup.guides
            anchors { right: parent.right; rightMargin: 10; verticalCenter: parent.verticalCenter }
            kind: "bare"
            icon: "lock"
            label: qsTr("Lock")
            onClicked: Kiosk.app.home()
        }
        ActionButton {
            visible: !screen.portrait && !Kiosk.setup.guides
            anchors { right: parent.right; rightMargin: 28; verticalCenter: parent.verticalCenter }
            icon: "lock"
            text: qsTr("Lock")
            onClicked: Kiosk.app.home()
        }
        Rectangle {
            anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
            height: 1
            color: Theme.line
        }
    }
    Loader {
        anchors { left: parent.left; right: parent.right; top: bar.bottom; bottom: parent.bottom }
        sourceComponent: ({ "enrol": Kiosk.setup.tried ? firstProduct : enrolPage, "products": productsPage, "transfer": transferPage, "health": healthPage, "settings": settingsPage })[screen.page]
    }
    Component { id: enrolPage; Enrol { portrait: screen.portrait; cramped: screen.cramped } }
    Component { id: firstProduct; FirstProduct { portrait: screen.portrait } }
    Component { id: productsPage; Products { portrait: screen.portrait; cramped: screen.cramped } }
    Component { id: transferPage; Transfer { portrait: screen.portrait } }
    Component { id: healthPage; Health { portrait: screen.portrait } }
    Component { id: settingsPage; SettingsPage { portrait: screen.portrait } }
}
